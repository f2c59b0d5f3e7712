# Small cartridges filled to their end: ENOSPC at early warning, room for a trailer, tar going on to the next one, dar in slices.
# $SMALL_TAPES: barcodes of three cartridges of some 64 MiB.
. ./lib.sh
connect
map_drives
TAPE=${NST[0]}
read -r first second third <<< "$SMALL_TAPES"
mkdir -p /tmp/e && cd /tmp/e && cp /job/COVERAGE.md .

load "$first" 0
head -c 1048576 /dev/urandom > mebibyte
endless() { while cat mebibyte; do :; done; }
endless 2> /dev/null | dd of="$TAPE" bs=256k iflag=fullblock 2> dd.txt
has "a write at early warning ends with ENOSPC" 'No space left on device' "$(cat dd.txt)"
written=$(sed -n 's/^\([0-9]*\)+[0-9]* records out.*/\1/p' dd.txt)
note "$written blocks of 256 KiB before early warning"
has "status after early warning" '^ *EOT|EOD|^File number=1' "$(mt -f "$TAPE" status)"
check "weof after early warning" mt -f "$TAPE" weof 1
check "a trailer after early warning" dd if=mebibyte of="$TAPE" bs=64k count=1 status=none
mt -f "$TAPE" rewind
same "all of it is read back" $((written * 262144)) "$(dd if="$TAPE" bs=256k 2> /dev/null | wc -c)"
empty_drives

# Beyond early warning to the physical end: st lets a write through after each ENOSPC.
load "$first" 0
mt -f "$TAPE" rewind; past=0 last=''
(endless 2> /dev/null | dd of="$TAPE" bs=256k iflag=fullblock) 2> /dev/null
for ((past = 0; past < 200; past++)); do
  last=$(dd if=mebibyte of="$TAPE" bs=1M count=1 2>&1) || { [ $past -gt 0 ] && grep -q 'records out' <<< "$last" && ! dd if=mebibyte of="$TAPE" bs=1M count=1 2> /dev/null && break; }
done
[ $past -gt 0 ] && [ $past -lt 200 ] && pass "the physical end comes ($past writes of 1 MiB after early warning)" || fail "the physical end: $past writes, $(one <<< "$last")"
check "weof at the physical end" mt -f "$TAPE" weof 1
check "rewind from there" mt -f "$TAPE" rewind
empty_drives

# Tar's own way: it asks for the next volume by a script, which is the operator here.
cat > next-volume <<SCRIPT
#!/bin/bash
# \$TAR_VOLUME: the number of the volume that is wanted, from 2 on.
tags=(none $first $second $third)
mt -f $TAPE offline
. /job/lib.sh; CHANGER=$CHANGER NST[0]=$TAPE
empty_drives
load "\${tags[\$TAR_VOLUME]}" 0 >> /tmp/e/volumes.txt 2>&1
echo "volume \$TAR_VOLUME \${tags[\$TAR_VOLUME]}" >> /tmp/e/volumes.txt
SCRIPT
chmod +x next-volume
mkdir -p src
for number in 1 2 3 4 5 6 7; do head -c 16777216 /dev/urandom > src/$number; done
wanted=$(cat src/* | sha256sum)
load "$first" 0
check "tar -M writes over the end of a cartridge" tar -b 512 -M -F ./next-volume -cf "$TAPE" src
note "$(cat volumes.txt)"
volumes=$(grep -c '^volume' volumes.txt)
[ "$volumes" -ge 1 ] && pass "tar asked for the next volume ($volumes times)" || fail "tar asked for no next volume"
empty_drives; load "$first" 0
mkdir -p dst
check "tar -M reads over it" tar -C dst -b 512 -M -F "$PWD/next-volume" -xf "$TAPE"
same "what came back" "$wanted" "$(cat dst/src/* | sha256sum)"
empty_drives

# Dar's own way: slices, here one to a cartridge, by its number.
rm -rf slices back; mkdir slices back
check "dar makes slices" dar -Q -q -s 20M -c slices/backup -R . -g src/1 -g src/2 -g src/3
note "$(ls slices)"
tags=("$first" "$second" "$third") sliced=$(cat src/1 src/2 src/3 | sha256sum)
for number in 1 2 3; do
  load "${tags[$((number - 1))]}" 0
  check "slice $number to ${tags[$((number - 1))]}" dd if=slices/backup.$number.dar of="$TAPE" bs=1M status=none
  empty_drives
done
rm -rf slices/*
for number in 3 1 2; do
  load "${tags[$((number - 1))]}" 0
  check "slice $number back" dd if="$TAPE" of=slices/backup.$number.dar bs=1M status=none
  empty_drives
done
check "dar puts the slices together" dar -Q -q -x slices/backup -R back
same "what came back from three cartridges" "$sliced" "$(cat back/src/1 back/src/2 back/src/3 | sha256sum)"
disconnect
