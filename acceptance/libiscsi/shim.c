/*
 * Lets libiscsi's iscsi-test-cu run against tapes and changers. Its main() asks READ CAPACITY(10) first and ends when
 * that is refused, as it must be by anything that is no disk: this library, preloaded, answers it in the program.
 * With SHIM_DISK set, INQUIRY data says "disk" too, for tests of commands that tapes have as well and that ask first.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>

enum { INQUIRY = 0x12, READ_CAPACITY_10 = 0x25, ANSWER_BYTES = 8, QUALIFIER_BITS = 0xe0 };

struct scsi_task *iscsi_scsi_command_sync(struct iscsi_context *iscsi, int lun, struct scsi_task *task,
                                          struct iscsi_data *data) {
  static struct scsi_task *(*real)(struct iscsi_context *, int, struct scsi_task *, struct iscsi_data *);
  if (!real) real = dlsym(RTLD_NEXT, "iscsi_scsi_command_sync");
  if (task->cdb[0] != READ_CAPACITY_10) {
    struct scsi_task *done = real(iscsi, lun, task, data);
    if (done && getenv("SHIM_DISK") && done->cdb[0] == INQUIRY && !(done->cdb[1] & 1) && done->datain.size > 0)
      done->datain.data[0] &= QUALIFIER_BITS;
    return done;
  }
  /* 65536 blocks of 512 bytes; the tests that would use them are not run. */
  unsigned char *answer = calloc(1, ANSWER_BYTES);
  answer[2] = answer[3] = 0xff;
  answer[6] = 2;
  task->status = SCSI_STATUS_GOOD;
  task->datain.data = answer;
  task->datain.size = ANSWER_BYTES;
  return task;
}
