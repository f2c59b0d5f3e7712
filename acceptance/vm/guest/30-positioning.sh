# mt and dd on one drive: filemarks, spacing, tell and seek, end of data, odd and fixed blocks, overwriting, erasing.
. ./lib.sh
connect
map_drives
load 1 0
TAPE=${NST[0]} SLOT=$(drive_source 0)
mkdir -p /tmp/p && cd /tmp/p && cp /job/COVERAGE.md .
M() { mt -f "$TAPE" "$@"; }
# One block: its first 6 characters and its length; "-" for a filemark, "E why" for an error. nonblock, because st waits
# two minutes in open() for a drive that is not ready.
rd() {
  local length
  if ! dd if="$TAPE" of=block bs="${1:-256k}" count=1 iflag=nonblock 2> dd.txt; then echo "E $(sed -n 's/.*: //p' dd.txt | head -n 1)"; return; fi
  length=$(stat -c %s block)
  if [ "$length" = 0 ]; then echo -; else echo "$(head -c 6 block | tr -d '\0') $length"; fi
}
error() { case $2 in E*) pass "$1 ($2)" ;; *) fail "$1: read $2" ;; esac; }
place() { M status | sed -n 's/^File number=\(-\?[0-9]*\), block number=\(-\?[0-9]*\),.*/\1 \2/p'; }
tell() { M tell 2>&1 | sed -n 's/^At block \([0-9]*\).*/\1/p'; }
# blocks FILE COUNT LENGTH: blocks that begin with F<file>B<number>.
blocks() { local number; for ((number = 0; number < $2; number++)); do printf '%-*s' "$3" "F$1B00$number"; done; }
# at FILE [BLOCKS]: reached by fsf and reads alone.
at() { local count; M rewind; [ "$1" = 0 ] || M fsf "$1"; for ((count = 0; count < ${2:-0}; count++)); do rd > /dev/null; done; }

M rewind
for file in 0 1 2 3; do
  blocks $file 10 $((1000 + file)) | dd of="$TAPE" bs=$((1000 + file)) iflag=fullblock 2> dd.txt || fail "write of file $file: $(one < dd.txt)"
done
same "tell after 40 blocks and 4 filemarks" 44 "$(tell)"
same "status: file and block" "4 0" "$(place)"
M rewind
same "tell at the beginning" 0 "$(tell)"
has "status at the beginning" BOT "$(M status)"
same "first block" "F0B000 1000" "$(rd)"
same "second block" "F0B001 1000" "$(rd)"
same "status after two reads" "0 2" "$(place)"
check "fsf 1" M fsf 1;      same "after fsf" "F1B000 1001" "$(rd)"
check "fsf 2" M fsf 2;      same "after fsf 2" "F3B000 1003" "$(rd)"
at 3 1; check "bsf 1" M bsf 1;   same "after bsf: before the filemark" "- F3B000 1003" "$(rd) $(rd)"
at 3 1; check "bsf 2" M bsf 2;   same "after bsf 2" "- F2B000 1002" "$(rd) $(rd)"
at 3 2; check "bsfm 1" M bsfm 1; same "after bsfm" "F3B000 1003" "$(rd)"
at 0 1; check "fsfm 1" M fsfm 1; same "after fsfm: before the filemark" "- F1B000 1001" "$(rd) $(rd)"
at 1 1; check "fsr 3" M fsr 3;   same "after fsr 3" "F1B004 1001" "$(rd)"; same "status after fsr" "1 5" "$(place)"
at 1 5; check "bsr 2" M bsr 2;   same "after bsr 2" "F1B003 1001" "$(rd)"
at 1 5; refuse "fsr over a filemark" M fsr 100; same "stopped after it" "F2B000 1002" "$(rd)"
at 2 1; refuse "bsr over a filemark" M bsr 5;   same "stopped before it" "- F2B000 1002" "$(rd) $(rd)"
at 0;   refuse "bsr at the beginning" M bsr 1;  same "still at the beginning" "F0B000 1000" "$(rd)"
at 0;   refuse "bsf at the beginning" M bsf 3
at 1;   refuse "fsf beyond the end of data" M fsf 99
at 3;   check "fsf to the end of data" M fsf 1; same "tell there" 44 "$(tell)"
at 0;   check "seek 13" M seek 13; same "after seek 13" "F1B002 1001" "$(rd)"; same "tell 14" 14 "$(tell)"
check "seek 0" M seek 0; same "after seek 0" "F0B000 1000" "$(rd)"
refuse "seek beyond the end of data" M seek 100000
M rewind; check "asf 2" M asf 2; same "after asf 2" "F2B000 1002" "$(rd)"
check "eod" M eod; same "tell at the end of data" 44 "$(tell)"; has "status at the end of data" EOD "$(M status)"
# st answers the first read there with nothing, and only the next with an error.
rd > last.txt; case "$(cat last.txt)/$(rd)" in -/* | E*/*) pass "read at the end of data" ;; *) fail "read at the end of data: $(cat last.txt)" ;; esac

M rewind; same "a buffer longer than the block" "F0B000 1000" "$(rd 1M)"
error "a buffer shorter than the block" "$(rd 512)"
same "and the block is passed" "F0B002 1000" "$(rd)"
M rewind; same "all of file 0 in one dd" 10000 "$(dd if="$TAPE" bs=256k 2> /dev/null | wc -c)"
M rewind; M fsf 1; blocks 7 2 700 | dd of="$TAPE" bs=700 2> /dev/null
M eod; same "overwriting cuts what follows" 14 "$(tell)"
M rewind; M fsf 1; same "the block that was overwritten" "F7B000 700" "$(rd)"
M eod; check "weof 3" M weof 3; same "tell after weof 3" 17 "$(tell)"
M rewind; check "fsf 4" M fsf 4; same "status in file 4" "4 0" "$(place)"
check "weof 0" M weof 0
M rewind; M weof 2; M rewind; same "two filemarks and nothing else" "- -" "$(rd) $(rd)"

head -c 1048576 /dev/urandom > random
for length in 512 1024 32768 65536 1048576; do
  M rewind; check "setblk $length" M setblk $length
  transfer=$((length > 131072 ? length : 131072))
  dd if=random of="$TAPE" bs=$transfer 2> dd.txt && pass "fixed $length: write 1 MiB" || fail "fixed $length: write: $(one < dd.txt)"
  same "fixed $length: tell" $((1048576 / length + 1)) "$(tell)"
  M rewind; dd if="$TAPE" bs=$transfer 2> dd.txt | cmp - random && pass "fixed $length: read back" || fail "fixed $length: read back: $(one < dd.txt)"
  M rewind; M setblk 0; same "fixed $length: seen as variable" $length "$(dd if="$TAPE" bs=2M count=1 2> /dev/null | wc -c)"
done
M rewind; M setblk 512; head -c 5120 random | dd of="$TAPE" bs=512 2> /dev/null
M rewind; same "fixed: a read over a filemark is short" 5120 "$(dd if="$TAPE" bs=64k count=1 2> /dev/null | wc -c)"
M rewind; M setblk 0; head -c 1000 random | dd of="$TAPE" bs=1000 2> /dev/null
M rewind; M setblk 512; error "fixed: a block of another length" "$(rd 512)"
refuse "fixed: a write that is no multiple" bash -c "head -c 700 random | dd of=$TAPE bs=700"
M rewind; head -c 8388608 /dev/urandom > largest
check "setblk 8 MiB" M setblk 8388608
dd if=largest of="$TAPE" bs=8388608 iflag=fullblock 2> dd.txt && M rewind && dd if="$TAPE" bs=8388608 2> dd.txt | cmp - largest &&
  pass "a fixed block of 8 MiB" || fail "a fixed block of 8 MiB: $(one < dd.txt)"
M setblk 0

note "$(dmesg | grep 'Block limits' | tail -n 1)"
for length in 1 2 511 513 65535 65537 131072 262144 524288 1048576 2097152 4194304 8388608; do
  M rewind; head -c $length /dev/urandom > r
  if dd if=r of="$TAPE" bs=$length count=1 iflag=fullblock 2> dd.txt && M rewind && dd if="$TAPE" of=r2 bs=$length count=1 2> dd.txt && cmp -s r r2
  then pass "a block of $length bytes"; else fail "a block of $length bytes: $(sed -n 's/.*: //p' dd.txt | head -n 1)"; fi
done

check "mt load" M load; online "$TAPE"
for command in lock unlock retension "compression 1" "compression 0" "defblksize 0"; do check "mt $command" M $command; done
M rewind; blocks 1 3 500 | dd of="$TAPE" bs=500 2> /dev/null; M rewind
check "mt erase" M erase; M rewind; case $(rd) in E* | -) pass "blank after erase" ;; *) fail "blank after erase" ;; esac
M rewind; M offline; error "read after offline" "$(rd)"
changer unload "$SLOT" 0 > /dev/null; error "read from an empty drive" "$(rd)"
load 1 0
empty_drives
disconnect
