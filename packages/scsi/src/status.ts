/** Status codes a device server answers with (SAM-5 5.3.1). */
export const status = {
  good: 0x00,
  checkCondition: 0x02,
  busy: 0x08,
  reservationConflict: 0x18,
  taskAborted: 0x40,
} as const;
