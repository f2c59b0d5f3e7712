# sg3_utils against the changer and a drive, loaded and empty: what each device tells about itself. A query that is
# answered wrongly, or not known, fails.
. ./lib.sh
connect
map_drives
load 1 0
DRIVE=${SG_OF[${NST[0]}]}
ask() { local name=$1; shift; check "$name" timeout 30 "$@"; }
# Every page that the list of pages names must be there.
listed_vpd_pages() {
  local page
  for page in $(sg_vpd -p sv "$2" | sed -n 's/^ *\(0x[0-9a-f]*\|[A-Za-z].*\[[a-z0-9]*\]\).*/\1/p' | sed 's/.*\[\(.*\)\]/\1/'); do
    ask "$1: VPD page $page, as listed" sg_vpd -p "$page" "$2"
  done
}
listed_log_pages() {
  local page
  for page in $(sg_logs -l "$2" | sed -n 's/^ *0x\([0-9a-f]*\) .*/0x\1/p'); do ask "$1: log page $page, as listed" sg_logs -p "$page" "$2"; done
}
common() {
  local name=$1 device=$2
  ask "$name: sg_inq" sg_inq "$device"
  ask "$name: sg_inq, list of pages" sg_inq -p 0 "$device"
  ask "$name: sg_vpd -a" sg_vpd -a "$device"
  ask "$name: sg_vpd, serial number" sg_vpd -p sn "$device"
  ask "$name: sg_vpd, identification" sg_vpd -p di "$device"
  listed_vpd_pages "$name" "$device"
  ask "$name: sg_turs" sg_turs -n 3 "$device"
  ask "$name: sg_requests" sg_requests "$device"
  ask "$name: sg_luns" sg_luns "$device"
  ask "$name: sg_luns, well known" sg_luns -s 1 "$device"
  ask "$name: sg_modes, all" sg_modes -a "$device"
  ask "$name: sg_modes -6, all" sg_modes -6 -a "$device"
  ask "$name: sg_modes, changeable" sg_modes -a -c 1 "$device"
  ask "$name: sg_modes, default" sg_modes -a -c 2 "$device"
  ask "$name: sg_modes, saved" sg_modes -a -c 3 "$device"
  ask "$name: sg_logs -a" sg_logs -a "$device"
  ask "$name: sg_logs, list" sg_logs -p 0 "$device"
  listed_log_pages "$name" "$device"
  ask "$name: sg_logs, TapeAlert" sg_logs -p 0x2e "$device"
  ask "$name: sg_opcodes" sg_opcodes "$device"
  ask "$name: sg_opcodes, one command" sg_opcodes -o 0x12 "$device"
  ask "$name: sg_opcodes, task management" sg_opcodes -t "$device"
  ask "$name: sg_senddiag, self-test" sg_senddiag -t "$device"
  ask "$name: RESERVE(6)" sg_raw "$device" 16 00 00 00 00 00
  ask "$name: RELEASE(6)" sg_raw "$device" 17 00 00 00 00 00
  ask "$name: sg_persist, keys" sg_persist -i -k "$device"
  ask "$name: sg_rtpg" sg_rtpg "$device"
  ask "$name: sg_timestamp" sg_timestamp "$device"
  ask "$name: sg_ident" sg_ident "$device"
  ask "$name: sg_senddiag, list of pages" sg_senddiag -l "$device"
  ask "$name: sg_read_buffer" sg_read_buffer -m desc "$device"
  ask "$name: sg_write_buffer, echo" sg_raw -s 16 -i /job/COVERAGE.md "$device" 3b 0a 00 00 00 00 00 00 10 00
  ask "$name: sg_read_buffer, echo" sg_read_buffer -m echo -l 16 "$device"
  ask "$name: sg_ident, set" bash -c "printf guest | sg_ident -S $device"
  has "$name: sg_ident, as set" 'guest' "$(sg_ident -A "$device" 2>&1)"
  registered "$name" "$device"
  ask "$name: sg_reset of the logical unit" sg_reset -N -d "$device"
  has "$name: and what it is told by" 'reset' "$(sg_raw "$device" 00 00 00 00 00 00 2>&1)"
  want_sense "$name: an unknown operation code" 'invalid command operation code' "$device" d7 00 00 00 00 00 00 00 00 00
  want_sense "$name: an unknown VPD page" 'invalid field in cdb' "$device" 12 01 7e 00 ff 00
  want_sense "$name: READ CAPACITY" 'invalid command operation code' "$device" 25 00 00 00 00 00 00 00 00 00
}
# A key registered, a reservation of type 3 made with it, seen, and given back: what LTFS and NetBackup do.
registered() {
  local name=$1 device=$2
  ask "$name: sg_persist, register" sg_persist -o -I -S 0xabcd "$device"
  has "$name: sg_persist sees the key" '0xabcd' "$(sg_persist -i -k "$device" 2>&1)"
  ask "$name: sg_persist, reserve" sg_persist -o -R -K 0xabcd -T 3 "$device"
  has "$name: sg_persist sees the reservation" 'Exclusive Access' "$(sg_persist -i -r "$device" 2>&1)"
  ask "$name: sg_persist, full status" sg_persist -i -s "$device"
  ask "$name: sg_persist, capabilities" sg_persist -i -c "$device"
  ask "$name: sg_persist, release" sg_persist -o -L -K 0xabcd -T 3 "$device"
  ask "$name: sg_persist, clear" sg_persist -o -C -K 0xabcd "$device"
}
common changer "$CHANGER"
ask "loaderinfo" loaderinfo -f "$CHANGER"
for page in 0x1d 0x1e 0x1f; do ask "changer: mode page $page" sg_modes -p $page "$CHANGER"; done
ask "changer: ALLOW MEDIUM REMOVAL" sg_prevent --prevent=0 "$CHANGER"

common drive "$DRIVE"
ask "drive: READ BLOCK LIMITS" sg_raw -r 6 "$DRIVE" 05 00 00 00 00 00
ask "drive: READ POSITION, short" sg_raw -r 20 "$DRIVE" 34 00 00 00 00 00 00 00 00 00
ask "drive: READ POSITION, long" sg_raw -r 32 "$DRIVE" 34 06 00 00 00 00 00 00 00 00
ask "drive: READ POSITION, extended" sg_raw -r 32 "$DRIVE" 34 08 00 00 00 00 00 00 1c 00
ask "drive: LOCATE(10)" sg_raw "$DRIVE" 2b 00 00 00 00 00 00 00 00 00
ask "drive: LOCATE(16)" sg_raw "$DRIVE" 92 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
ask "drive: REPORT DENSITY SUPPORT" sg_raw -r 512 "$DRIVE" 44 00 00 00 00 00 00 02 00 00
ask "drive: REPORT DENSITY SUPPORT, this medium" sg_raw -r 512 "$DRIVE" 44 01 00 00 00 00 00 02 00 00
for page in 0x02 0x0f 0x10 0x11 0x1c; do ask "drive: mode page $page" sg_modes -p $page "$DRIVE"; done
ask "drive: sg_read_attr" sg_read_attr "$DRIVE"
ask "drive: SECURITY PROTOCOL IN, list" sg_raw -r 512 "$DRIVE" a2 00 00 00 00 00 00 00 02 00 00 00
ask "drive: ALLOW OVERWRITE" sg_raw "$DRIVE" 82 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
ask "drive: sg_rmsn" sg_rmsn "$DRIVE"
ask "drive: sg_read_block_limits" sg_read_block_limits "$DRIVE"
ask "drive: sg_timestamp, set" sg_timestamp -m 1700000000000 "$DRIVE"
has "drive: sg_timestamp, as set" '^17000000' "$(sg_timestamp -N "$DRIVE" 2>&1; sg_timestamp "$DRIVE" 2>&1)"
has "tapeinfo sees the drive" 'ULT3580' "$(tapeinfo -f "$DRIVE" 2>&1)"
ask "tapeinfo" tapeinfo -f "$DRIVE"

empty_drives
want_sense "empty drive: TEST UNIT READY" 'medium not present' "$DRIVE" 00 00 00 00 00 00
want_sense "empty drive: REWIND" 'medium not present' "$DRIVE" 01 00 00 00 00 00
ask "empty drive: sg_inq" sg_inq "$DRIVE"
ask "empty drive: sg_modes" sg_modes -a "$DRIVE"
ask "empty drive: sg_logs" sg_logs -a "$DRIVE"
serials=$(for device in "$CHANGER" "${SG_OF[@]}"; do sg_vpd -p sn "$device" | tail -n 1; done)
same "serial numbers all differ" "$(wc -l <<< "$serials")" "$(sort -u <<< "$serials" | wc -l)"
disconnect
