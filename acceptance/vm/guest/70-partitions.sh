# Partitions by mt, as LTFS and st use them: made, written each on its own, found by partseek, and taken away again.
. ./lib.sh
connect
map_drives
load 1 0
TAPE=${NST[0]} SLOT=$(drive_source 0)
mkdir -p /tmp/pt && cd /tmp/pt && cp /job/COVERAGE.md .
M() { mt -f "$TAPE" "$@"; }
put() { printf '%-4096s' "$1" | dd of="$TAPE" bs=4096 iflag=fullblock status=none; }
get() { dd if="$TAPE" bs=64k count=1 iflag=nonblock status=none 2> /dev/null | head -c 12 | tr -d ' '; }
# Partition and object by READ POSITION, long form: where the drive is, whatever st remembers.
where() { sg_raw -r 32 -o /tmp/pt/position "${SG_OF[$TAPE]}" 34 06 00 00 00 00 00 00 00 00 2> /dev/null; od -An -j 4 -N 12 --endian=big -t u4 /tmp/pt/position | awk '{ print $1, $3 }'; }
partition() { M status | sed -n 's/.*partition=\([0-9]*\).*/\1/p'; }

check "st may use partitions" M stsetoptions can-partitions
check "mkpartition 100" M mkpartition 100
M rewind
same "partition after formatting" 0 "$(partition)"
check "write in partition 0" put zero
check "setpartition 1" M setpartition 1
check "rewind in partition 1" M rewind
same "st says where it is" 1 "$(partition)"
check "write in partition 1" put one
check "setpartition 0" M setpartition 0
M rewind
same "partition 0 has its own block" zero "$(get)"
# mt-st 1.7 takes the partition first, whatever its manual says.
check "partseek to block 0 of partition 1" M partseek 1 0
same "the drive is there" "1 0" "$(where)"
# st remembers that it wrote a filemark in partition 1 last, and would answer the first read with that.
M rewind
same "partition 1 has its own block" one "$(get)"
check "partseek to block 0 of partition 0" M partseek 0 0
same "and back" zero "$(get)"
has "sg_modes tells two partitions" '^ *00 +(91|11) +[0-9a-f]+ +[0-9a-f]+ 01' "$(sg_modes -p 0x11 -r "${SG_OF[$TAPE]}" 2>&1; sg_modes -p 0x11 "${SG_OF[$TAPE]}" 2>&1)"
refuse "there is no partition 3" bash -c "mt -f $TAPE setpartition 3 && mt -f $TAPE rewind"
M setpartition 0
changer unload "$SLOT" 0 > /dev/null; load "$SLOT" 0
M stsetoptions can-partitions
check "partition 1 after another load" M setpartition 1
M rewind
same "its block as well" one "$(get)"
M setpartition 0; M rewind
check "mkpartition 0" M mkpartition 0
M rewind
refuse "one partition again" bash -c "mt -f $TAPE setpartition 1 && mt -f $TAPE rewind"
M setpartition 0; M rewind
check "write in the only one" put again
M rewind
same "read back" again "$(get)"
M stclearoptions can-partitions
empty_drives
disconnect
