# tar, cpio, dar and dd to tape and back with checksums, in several block sizes; two drives at once; another session.
. ./lib.sh
connect
map_drives
load 1 0
TAPE=${NST[0]} SLOT=$(drive_source 0)
mkdir -p /tmp/a/src/sub && cd /tmp/a && cp /job/COVERAGE.md .
# Sizes around those of blocks, an empty file, a link; what compresses and what does not.
for length in 0 1 511 512 513 10239 10240 10241 65536 262145 1048576 3145728 6291456; do head -c $length /dev/urandom > src/sub/$length; done
head -c 2097152 /dev/zero > src/zeroes; ln -s zeroes src/link; seq 200000 > src/text
sums() { (cd "$1" 2> /dev/null && find . -type f | sort | xargs -d '\n' sha256sum | sha256sum | cut -c 1-16); }
wanted=$(sums src)
note "$(du -sm src | cut -f 1) MiB, $(find src -type f | wc -l) files, $wanted"
# back NAME COMMAND...: unpacks into an empty folder and compares.
back() {
  local name=$1 status; shift
  rm -rf dst; mkdir dst
  (cd dst && "$@") > back.txt 2>&1; status=$?
  [ $status = 0 ] && [ "$(sums dst/src)" = "$wanted" ] && pass "$name" || fail "$name: exit $status, $(tail -n 2 back.txt | one)"
}
piped() { bash -o pipefail -c "$1"; }

# tar counts in records of 512 bytes: 512 B, 10 KiB, 64 KiB, 256 KiB, 1 MiB; first variable, then fixed to a divisor.
# Small records are many, and each a round trip through an emulated processor: the tree for them is small.
mkdir -p few/src && cp src/sub/10241 src/sub/65536 src/sub/262145 few/src
for mode in variable fixed; do
  for records in 1 20 128 512 2048; do
    tree=. ; [ $records -le 20 ] && tree=few
    wanted=$(sums $tree/src)
    name="tar, $((records * 512)) bytes, $mode"
    mt -f "$TAPE" rewind; mt -f "$TAPE" setblk 0
    [ $mode = fixed ] && check "$name: setblk" mt -f "$TAPE" setblk $((records >= 20 ? 5120 : 512))
    [ $mode = fixed ] && [ $records -gt 20 ] && mt -f "$TAPE" setblk $((records * 256))
    begun=$(date +%s%N); check "$name: write" tar -C $tree -b $records -cf "$TAPE" src; wrote=$(milliseconds "$begun")
    mt -f "$TAPE" rewind
    begun=$(date +%s%N); back "$name: read back" tar -b $records -xf "$TAPE"; note "write $wrote ms, read $(milliseconds "$begun") ms"
  done
done
wanted=$(sums src)
mt -f "$TAPE" setblk 0; mt -f "$TAPE" rewind
check "tar -d finds no difference" piped "mt -f $TAPE rewind; tar -b 512 -cf $TAPE src && mt -f $TAPE rewind && tar -b 512 -df $TAPE"

mt -f "$TAPE" rewind
for number in 1 2 3; do echo "archive $number" > src/which; check "archive $number of 3" tar -b 128 -cf "$TAPE" src/which src/text; done
for number in 2 1 3; do
  mt -f "$TAPE" rewind; [ $number = 1 ] || mt -f "$TAPE" fsf $((number - 1))
  rm -rf dst; mkdir dst; tar -C dst -b 128 -xf "$TAPE"; same "archive $number is found" "archive $number" "$(cat dst/src/which)"
done
mt -f "$TAPE" eod; echo "archive 4" > src/which; check "append after eod" tar -b 128 -cf "$TAPE" src
wanted=$(sums src); mt -f "$TAPE" rewind; mt -f "$TAPE" fsf 3; back "what was appended" tar -b 128 -xf "$TAPE"

mt -f "$TAPE" rewind; check "cpio: write" piped "find src | cpio -o -H newc --io-size=65536 -O $TAPE"
mt -f "$TAPE" rewind; back "cpio: read back" cpio -i -d -H newc --io-size=65536 -I "$TAPE"
mt -f "$TAPE" rewind; check "dar through dd: write" piped "dar -Q -q -c - -R . -g src | dd of=$TAPE obs=256k status=none"
mt -f "$TAPE" rewind; back "dar through dd: read back" piped "dd if=$TAPE ibs=256k obs=256k status=none | dar -Q -q --sequential-read -x - -R ."
head -c 8388608 /dev/urandom > random
for length in 512 10240 65536 262144 1048576; do
  count=$((length < 65536 ? 400 : 8388608 / length))
  for block in 0 $length; do
    mode=variable; [ $block = 0 ] || mode=fixed
    mt -f "$TAPE" rewind; mt -f "$TAPE" setblk $block
    check "dd, $length bytes, $mode: write" dd if=random of="$TAPE" bs=$length count=$count status=none
    mt -f "$TAPE" rewind
    dd if="$TAPE" bs=$length status=none | cmp - <(head -c $((length * count)) random) && pass "dd, $length bytes, $mode: read back" || fail "dd, $length bytes, $mode: read back"
  done
done

# Two drives at once, each with a cartridge of its own.
other=${NST[1]}; load 1 1
mt -f "$TAPE" setblk 0; mt -f "$TAPE" rewind
tar -b 512 -cf "$TAPE" src & one_=$!
(dd if=random of="$other" bs=256k status=none) & two=$!
wait $one_ && pass "two drives at once: tar into the one" || fail "two drives at once: tar into the one"
wait $two && pass "two drives at once: dd into the other" || fail "two drives at once: dd into the other"
mt -f "$TAPE" rewind; mt -f "$other" rewind
dd if="$other" bs=256k status=none > other.bin & two=$!
back "two drives at once: read the one" tar -b 512 -xf "$TAPE"
wait $two; cmp other.bin random && pass "two drives at once: read the other" || fail "two drives at once: read the other"
empty_drives
check "the same cartridge in another drive" changer load "$SLOT" 2; online "${NST[2]}"
back "read back there" tar -b 512 -xf "${NST[2]}"
empty_drives; disconnect; sleep 0.5
connect 'node.conn[0].iscsi.HeaderDigest=CRC32C' 'node.conn[0].iscsi.DataDigest=CRC32C'; NST=(); map_drives; load 1 0
back "read back in another session, with CRC32C" tar -b 512 -xf "${NST[0]}"
mt -f "${NST[0]}" rewind; check "write with CRC32C" tar -b 512 -cf "${NST[0]}" src
mt -f "${NST[0]}" rewind; back "read back what was written with CRC32C" tar -b 512 -xf "${NST[0]}"
empty_drives
disconnect
