# Runs the scripts that $SCRIPTS names, each in a process of its own with its own time limit, in one guest: a boot
# costs more than most of them. Between two, every session is ended and every drive emptied.
cd /job || exit 1
. ./lib.sh
echo "    guest up $(cut -d ' ' -f 1 /proc/uptime) s after its kernel began"
status=0
for script in $SCRIPTS; do
  begun=$(date +%s%N)
  echo "BEGIN $script"
  SCRIPT=$script timeout -k 10 "${SCRIPT_SECONDS:-240}" bash "./$script.sh" 2>&1
  ended=$?
  case $ended in
    0) ;;
    124 | 137) fail "$script was not done in ${SCRIPT_SECONDS:-240} s" ;;
    *) status=1 ;;
  esac
  echo "END $script $ended $(milliseconds "$begun")"
  iscsiadm -m node -u > /dev/null 2>&1
  iscsiadm -m node -o delete > /dev/null 2>&1
  dmesg -c | grep -E -i 'call trace|BUG:|conn error|error recovery|Sense Key' | tail -n 15 | sed 's/^/    kernel: /'
done
exit $status
