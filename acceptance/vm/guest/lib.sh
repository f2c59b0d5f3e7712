# What every script of the guest shares: result lines, the way to the library, and a tape administrator's habits.
# One line a result, read by ../guest-results.ts:
#   PASS name (what was seen)
#   FAIL name: what was wrong
#   LACK id: name: what was seen    the product does not have it, and COVERAGE.md says so under that id, with the reason
# Everything else is told with four blanks before it and stands only in the log.
set -u
export LC_ALL=C
: "${PORTAL:?}" "${SCRIPT:=${0##*/}}"
declare -A SG_OF NST

one() { tr '\n' ' ' | tr -s ' ' | cut -c1-300; }
pass() { echo "PASS $*"; }
fail() { echo "FAIL $*"; }
note() { sed 's/^/    /' <<< "$*"; }
# What the product lacks is no surprise only when it is written down; otherwise it is a failure.
lack() { # ID NAME
  if grep -q "^| *\`$1\`" COVERAGE.md; then echo "LACK $1: ${*:2}"; else fail "${*:2} (and COVERAGE.md does not know $1)"; fi
}
die() { fail "$@"; exit 1; }
milliseconds() { echo $((($(date +%s%N) - $1) / 1000000)); }

# check NAME COMMAND...: the command must do what it is asked.
check() {
  local name=$1 seen status; shift
  seen=$("$@" 2>&1); status=$?
  [ -z "$seen" ] || note "$seen"
  if [ $status = 0 ]; then pass "$name"; else fail "$name: exit $status: $(tail -n 2 <<< "$seen" | one)"; fi
  return $status
}
# refuse NAME COMMAND...: the command must fail.
refuse() {
  local name=$1 seen status; shift
  seen=$("$@" 2>&1); status=$?
  [ -z "$seen" ] || note "$seen"
  if [ $status != 0 ]; then pass "$name (refused: $(tail -n 1 <<< "$seen" | one))"; else fail "$name: was accepted"; fi
}
# check_or_lack ID NAME COMMAND...: as check, but its absence may be a decision.
check_or_lack() {
  local id=$1 name=$2 seen status; shift 2
  seen=$("$@" 2>&1); status=$?
  [ -z "$seen" ] || note "$seen"
  if [ $status = 0 ]; then pass "$name"; else lack "$id" "$name: exit $status: $(grep -v '^ *$' <<< "$seen" | tail -n 1 | one)"; fi
  return $status
}
same() { # NAME WANTED SEEN
  if [ "$2" = "$3" ]; then pass "$1 ($3)"; else fail "$1: wanted '$2', saw '$3'"; fi
}
# has NAME REGEX TEXT
has() {
  if grep -q -i -E -e "$2" <<< "$3"; then pass "$1 ($(grep -i -E -m 1 -e "$2" <<< "$3" | one))"; else fail "$1: no /$2/ in: $(one <<< "$3")"; fi
}
# want_sense NAME REGEX DEVICE CDB...: the device must refuse the command, with that sense.
want_sense() {
  local name=$1 regex=$2 device=$3 seen; shift 3
  if seen=$(sg_raw -r 4096 "$device" "$@" 2>&1); then fail "$name: was accepted"; else has "$name" "$regex" "$seen"; fi
}

# ---- the host ----
# host WORD...: asks the host's side (../host-door.ts) for something; prints its answer.
host() {
  local answer
  exec 9<> "/dev/tcp/${HOST_DOOR/://}" || return 1
  echo "$*" >&9
  read -r -u 9 answer
  exec 9>&-
  case $answer in ok*) answer=${answer#ok}; echo "${answer# }" ;; *) echo "the host: $answer" >&2; return 1 ;; esac
}

# ---- iSCSI ----
start_initiator() {
  modprobe -a iscsi_tcp st sg ch sd_mod || die "the kernel's modules"
  pgrep -x systemd-udevd > /dev/null || /lib/systemd/systemd-udevd --daemon 2> /dev/null
  pgrep -x iscsid > /dev/null || iscsid || die "iscsid"
}
# nonpersistent, because behind QEMU's network the portal has another address for us than the one it announces, its own:
# the node records are made by hand, for $PORTAL.
discover() {
  iscsiadm -m discoverydb -t st -p "$PORTAL" -o new > /dev/null 2>&1
  iscsiadm -m discoverydb -t st -p "$PORTAL" -o nonpersistent --discover
}
node() { iscsiadm -m node -T "$1" -p "$PORTAL" "${@:2}"; }
# An emulated processor on a busy machine may be slow to answer a ping: the defaults of 5 s would cut sessions that are
# whole. It is not the product's time that runs out here.
login() { # TARGET [NAME=VALUE...]
  local setting target=$1 settings=(); shift
  node "$target" -o new > /dev/null || return
  for setting in node.conn[0].timeo.noop_out_interval=30 node.conn[0].timeo.noop_out_timeout=30 \
    node.conn[0].timeo.login_timeout=60 node.session.err_timeo.abort_timeout=60 "$@"; do
    settings+=(-n "${setting%%=*}" -v "${setting#*=}")
  done
  # All in one: each start of iscsiadm costs the emulated processor as much as a login.
  node "$target" -o update "${settings[@]}" || return
  node "$target" --login
}
# Until the number of devices has stood still and udev has made their nodes.
settle() {
  local before=-1 now still=0 tries
  for tries in $(seq 100); do
    now=$(ls /sys/class/scsi_generic 2> /dev/null | wc -l)
    if [ "$now" = "$before" ] && [ "$now" -gt 0 ]; then still=$((still + 1)); else still=0; fi
    [ $still -ge 4 ] && break
    before=$now
    sleep 0.1
  done
  udevadm settle -t 20
}
# CHANGER: /dev/sgN; DRIVES: /dev/nstN in the order of SCSI addresses; SG_OF[/dev/nstN]: the drive's /dev/sgM.
find_devices() {
  local kind node_ sg
  CHANGER='' DRIVES=()
  while read -r kind node_ sg; do
    case $kind in
      mediumx) CHANGER=$sg ;;
      tape) DRIVES+=("/dev/n${node_#/dev/}"); SG_OF[/dev/n${node_#/dev/}]=$sg ;;
    esac
  done < <(lsscsi -g | awk '{ print $1, $2, $(NF-1), $NF }' | tr -d '[]' | sort -t : -k 1,1n | cut -d ' ' -f 2-)
  [ -n "$CHANGER" ] && [ ${#DRIVES[@]} -gt 0 ]
}
connect() {
  local target
  start_initiator
  TARGETS=$(discover | awk '{ print $2 }' | sort -u)
  [ -n "$TARGETS" ] || die "no target at $PORTAL"
  for target in $TARGETS; do
    login "$target" "$@" > /tmp/login 2>&1 || die "login to $target: $(one < /tmp/login)"
  done
  settle
  find_devices || die "no changer or no drive: $(lsscsi -g | one)"
}
# What belongs together, by sysfs: /dev/nstN, its target, the number of the target's session.
target_of() { cat "$(readlink -f "/sys/class/scsi_tape/${1##*/}/device" | sed 's|/target[0-9].*||')"/iscsi_session/session*/targetname; }
session_of() { # TARGET
  local name
  for name in /sys/class/iscsi_session/session*/targetname; do
    [ "$(cat "$name" 2> /dev/null)" = "$1" ] && name=${name%/targetname} && echo "${name##*/session}" && return
  done
  return 1
}
tape_of() { # TARGET
  local device
  for device in $(ls /sys/class/scsi_tape | grep -x 'nst[0-9]*'); do
    [ "$(target_of "/dev/$device")" = "$1" ] && echo "/dev/$device" && return
  done
  return 1
}
disconnect() { local target; for target in $TARGETS; do node "$target" --logout > /dev/null 2>&1; done; }

# ---- the changer ----
changer() { mtx -f "$CHANGER" "$@"; }
full_slots() { changer status | sed -n 's/^ *Storage Element \([0-9]*\):Full.*/\1/p'; }
empty_slots() { changer status | sed -n 's/^ *Storage Element \([0-9]*\):Empty.*/\1/p'; }
empty_mailslots() { changer status | sed -n 's/^ *Storage Element \([0-9]*\) IMPORT\/EXPORT:Empty.*/\1/p'; }
slot_tag() { changer status | sed -n "s/^ *Storage Element $1\( IMPORT.EXPORT\)\?:Full.*VolumeTag *= *\([^ ]*\).*/\2/p"; }
slot_of() { changer status | sed -n "s/^ *Storage Element \([0-9]*\):Full.*VolumeTag *= *$1 *\$/\1/p"; }
drive_tag() { changer status | sed -n "s/^Data Transfer Element $1:Full.*VolumeTag *= *\([^ ]*\).*/\1/p"; }
drive_source() { changer status | sed -n "s/^Data Transfer Element $1:Full (Storage Element \([0-9]*\) Loaded).*/\1/p"; }
drive_count() { changer status | grep -c '^Data Transfer Element'; }
empty_drives() {
  local drive home
  for drive in $(changer status | sed -n 's/^Data Transfer Element \([0-9]*\):Full.*/\1/p'); do
    home=$(drive_source "$drive")
    changer unload "${home:-$(empty_slots | head -n 1)}" "$drive" > /dev/null 2>&1
  done
}
online() {
  local tries
  for tries in $(seq 100); do mt -f "$1" status 2> /dev/null | grep -q ONLINE && return; sleep 0.1; done
  return 1
}
# NST[i]: the /dev/nstN of the changer's drive i, by the serial number that the changer tells of it (DVCID), which is
# how backup programs do it; see 20-changer.sh, which proves it by loading.
map_drives() {
  local index=0 serial drive
  for serial in $(drive_serials); do
    for drive in "${DRIVES[@]}"; do
      [ "$(sg_inq -p sn "${SG_OF[$drive]}" | sed -n 's/.*Unit serial number: *//p' | tr -d ' ')" = "$serial" ] && NST[$index]=$drive
    done
    [ -n "${NST[$index]:-}" ] || die "no drive has the serial number $serial that the changer tells of drive $index"
    index=$((index + 1))
  done
  [ $index -gt 0 ] || die "the changer tells no serial numbers of its drives"
}
# READ ELEMENT STATUS of data transfer elements with DVCID: the text after each identification descriptor's header.
drive_serials() {
  local count; count=$(drive_count)
  sg_raw -b -o /tmp/elements -r 4096 "$CHANGER" b8 04 00 00 00 "$(printf %02x "$count")" 01 00 10 00 00 00 > /dev/null 2>&1 ||
    sg_raw -o /tmp/elements -r 4096 "$CHANGER" b8 04 00 00 00 "$(printf %02x "$count")" 01 00 10 00 00 00 > /dev/null 2>&1
  local length at bytes
  length=$(od -An -j 10 -N 2 --endian=big -t u2 /tmp/elements | tr -d ' ')
  for ((at = 16; at < 16 + count * length; at += length)); do
    bytes=$(od -An -j $((at + 15)) -N 1 -t u1 /tmp/elements | tr -d ' ')
    # A T10 designator is vendor (8), product (16), serial number; a plain one is the serial number alone.
    tail -c +$((at + 17)) /tmp/elements | head -c "$bytes" | tr -d '\0' | awk '{ print $NF }'
  done
}
# load TAG|N DRIVE: that cartridge (or the Nth full slot's) is in the drive, rewound, blocks of variable length.
load() {
  local slot=$1
  case $1 in *[A-Z]*) slot=$(slot_of "$1") ;; *) slot=$(full_slots | sed -n "$1p") ;; esac
  changer load "$slot" "$2" > /tmp/load 2>&1 || die "mtx load $slot $2: $(grep -i -E 'sense|asc' /tmp/load | sed 's/.*mtx: Request Sense: //' | one)"
  online "${NST[$2]}" || die "drive $2 not ready after a load"
  mt -f "${NST[$2]}" rewind && mt -f "${NST[$2]}" setblk 0 || die "drive $2: rewind, setblk 0"
}
