/*
 * Preloaded into Debian's libiscsi programs, each part by a variable of the environment.
 *
 * SHIM_CAPACITY lets iscsi-test-cu run against tapes and changers. Its main() asks READ CAPACITY(10) first and ends when
 * that is refused, as it must be by anything that is no disk: this library answers it in the program.
 * SHIM_DISK lets INQUIRY data say "disk" too, for tests of commands that tapes have as well and that ask first.
 * SHIM_DIGEST offers HeaderDigest=CRC32C alone: the programs offer None first, whatever their URL asks for.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>

enum { INQUIRY = 0x12, READ_CAPACITY_10 = 0x25, ANSWER_BYTES = 8, QUALIFIER_BITS = 0xe0 };

int iscsi_set_header_digest(struct iscsi_context *iscsi, enum iscsi_header_digest digest) {
  static int (*real)(struct iscsi_context *, enum iscsi_header_digest);
  if (!real) real = dlsym(RTLD_NEXT, "iscsi_set_header_digest");
  return real(iscsi, getenv("SHIM_DIGEST") ? ISCSI_HEADER_DIGEST_CRC32C : digest);
}

struct scsi_task *iscsi_scsi_command_sync(struct iscsi_context *iscsi, int lun, struct scsi_task *task,
                                          struct iscsi_data *data) {
  static struct scsi_task *(*real)(struct iscsi_context *, int, struct scsi_task *, struct iscsi_data *);
  if (!real) real = dlsym(RTLD_NEXT, "iscsi_scsi_command_sync");
  if (task->cdb[0] != READ_CAPACITY_10 || !getenv("SHIM_CAPACITY")) {
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
