/** Limits of the drive. */

/** READ BLOCK LIMITS: what LTO-8 drives and the backup programs that use 4 and 8 MiB blocks go up to. */
export const blockLengthMax = 8 * 1024 * 1024;
export const blockLengthMin = 1;

/** Most bytes one READ or WRITE moves in fixed-block mode; the transport's buffers are sized for it. */
export const transferBytesMax = 32 * 1024 * 1024;
