# Every combination of InitialR2T, ImmediateData and digests, and lengths from the least to the most: what initiator and
# target agreed on, and blocks around the bursts' ends, written and read back under it.
. ./lib.sh
connect
map_drives
load 1 0
TARGET=$(target_of "${NST[0]}")
mkdir -p /tmp/n && cd /tmp/n && cp /job/COVERAGE.md .
head -c 9437184 /dev/urandom > random

# again NAME=VALUE...: a new session with the drive's target, that asks for these; TAPE is its device.
again() {
  node "$TARGET" --logout > logout.txt 2>&1 || { fail "logout: $(one < logout.txt)"; return 1; }
  node "$TARGET" -o delete > /dev/null 2>&1
  login "$TARGET" "$@" > login.txt 2>&1 || { fail "login with $*: $(one < login.txt)"; return 1; }
  udevadm settle -t 20
  TAPE=$(tape_of "$TARGET")
  [ -n "$TAPE" ] && online "$TAPE" && mt -f "$TAPE" setblk 0 || { fail "login with $*: no tape"; return 1; }
}
# The kernel's side of what was agreed on, in the words of the product's.
agreed() {
  local session=/sys/class/iscsi_session/session$1 connection=/sys/class/iscsi_connection/connection$1:0 key file value
  while read -r key file; do
    value=$(cat "$file")
    case $key$value in *Digest0) value=None ;; *Digest1) value=CRC32C ;; I*0) value=false ;; I*1) value=true ;; esac
    echo "$key=$value"
  done << EOF
HeaderDigest $connection/header_digest
DataDigest $connection/data_digest
InitialR2T $session/initial_r2t
ImmediateData $session/immediate_data
FirstBurstLength $session/first_burst_len
MaxBurstLength $session/max_burst_len
MaxOutstandingR2T $session/max_outstanding_r2t
MaxRecvDataSegmentLength $connection/max_recv_dlength
MaxXmitDataSegmentLength $connection/max_xmit_dlength
EOF
}
# wants NAME=VALUE...: those of what was agreed on; and the product says the same of all (but of what it receives itself).
wants() {
  local seen theirs want missing=''
  seen=$(agreed "$(session_of "$TARGET")") theirs=$(host session "$TARGET" | tr ' ' '\n')
  for want in "$@"; do grep -q -x -F -e "$want" <<< "$seen" || missing+=" $want (not $(grep -F "${want%%=*}=" <<< "$seen"))"; done
  for want in $(grep -v Xmit <<< "$seen"); do grep -q -x -F -e "$want" <<< "$theirs" || missing+=" $want (the product says $(grep -F "${want%%=*}=" <<< "$theirs"))"; done
  if [ -z "$missing" ]; then pass "$NAME: agreed on what was asked for"; else fail "$NAME: agreed:$missing"; fi
  note "$(one <<< "$seen")"
}
# blocks LENGTH...: a file of one block for each length, to the tape and back.
declare -A SUM_OF
blocks() {
  local length seen different=''
  mt -f "$TAPE" rewind
  for length in "$@"; do
    dd if=random of="$TAPE" bs="$length" count=1 iflag=fullblock 2> dd.txt || { fail "$NAME: write of $length: $(one < dd.txt)"; return; }
    : "${SUM_OF[$length]:=$(head -c "$length" random | sha256sum)}"
  done
  mt -f "$TAPE" rewind
  for length in "$@"; do
    seen=$(dd if="$TAPE" bs=$((length + 3)) 2> dd.txt | sha256sum)
    [ "$seen" = "${SUM_OF[$length]}" ] || different+=" $length ($(one < dd.txt))"
  done
  if [ -z "$different" ]; then pass "$NAME: blocks of $* bytes read back equal"; else fail "$NAME: blocks that read back otherwise:$different"; fi
}
boolean() { [ "$1" = Yes ] && echo true || echo false; }

# First burst 64 KiB, bursts 256 KiB: blocks that end just before, at and after each.
for digests in 'None None' 'CRC32C None' 'None CRC32C' 'CRC32C CRC32C'; do
  read -r header data <<< "$digests"
  for r2t in Yes No; do
    for immediate in Yes No; do
      NAME="InitialR2T=$r2t ImmediateData=$immediate HeaderDigest=$header DataDigest=$data"
      again node.session.iscsi.InitialR2T=$r2t node.session.iscsi.ImmediateData=$immediate \
        "node.conn[0].iscsi.HeaderDigest=$header" "node.conn[0].iscsi.DataDigest=$data" \
        node.session.iscsi.FirstBurstLength=65536 node.session.iscsi.MaxBurstLength=262144 || continue
      wants InitialR2T="$(boolean $r2t)" ImmediateData="$(boolean $immediate)" HeaderDigest="$header" DataDigest="$data" \
        FirstBurstLength=65536 MaxBurstLength=262144
      blocks 3 65535 65536 65537 262145 327681 1048577
    done
  done
done

DIGESTS='node.conn[0].iscsi.HeaderDigest=CRC32C node.conn[0].iscsi.DataDigest=CRC32C'
NAME='all lengths 4 KiB, digests'
again node.session.iscsi.FirstBurstLength=4096 node.session.iscsi.MaxBurstLength=4096 \
  "node.conn[0].iscsi.MaxRecvDataSegmentLength=4096" "node.conn[0].iscsi.MaxXmitDataSegmentLength=4096" \
  node.session.iscsi.InitialR2T=No $DIGESTS &&
  wants FirstBurstLength=4096 MaxBurstLength=4096 MaxRecvDataSegmentLength=4096 MaxXmitDataSegmentLength=4096 && blocks 4095 4096 4097 262147
NAME='first burst 4 KiB, bursts 12 KiB, segments 8 KiB'
again node.session.iscsi.FirstBurstLength=4096 node.session.iscsi.MaxBurstLength=12288 \
  "node.conn[0].iscsi.MaxRecvDataSegmentLength=8192" "node.conn[0].iscsi.MaxXmitDataSegmentLength=8192" \
  node.session.iscsi.InitialR2T=Yes node.session.iscsi.ImmediateData=Yes &&
  wants FirstBurstLength=4096 MaxBurstLength=12288 MaxRecvDataSegmentLength=8192 && blocks 4097 8193 16385 262147
NAME='four R2Ts at once, bursts 64 KiB'
again node.session.iscsi.MaxOutstandingR2T=4 node.session.iscsi.FirstBurstLength=65536 node.session.iscsi.MaxBurstLength=65536 \
  node.session.iscsi.InitialR2T=Yes node.session.iscsi.ImmediateData=No &&
  wants MaxOutstandingR2T=4 MaxBurstLength=65536 && blocks 65537 1048577 4194305
# Multiples of four, as open-iscsi makes them. The target bounds the first burst and segments to it: 1 MiB.
NAME='all lengths 16 MiB - 4'
again node.session.iscsi.FirstBurstLength=16777212 node.session.iscsi.MaxBurstLength=16777212 \
  "node.conn[0].iscsi.MaxRecvDataSegmentLength=16777212" node.session.iscsi.InitialR2T=No $DIGESTS &&
  wants FirstBurstLength=1048576 MaxBurstLength=16777212 MaxXmitDataSegmentLength=1048576 && blocks 1048575 1048577 8388605
has "iscsiadm tells of the session what the kernel has" 'MaxBurstLength: 16777212' "$(iscsiadm -m session -P 3)"
find_devices
empty_drives
disconnect
