/** Tests of iscsi-test-cu 1.19 that hold for any device type, or for one that ejects, as a tape drive does. */

const ANY_TESTS = [
  "SCSI.Inquiry.Standard",
  "SCSI.Inquiry.AllocLength",
  "SCSI.Inquiry.EVPD",
  "SCSI.Inquiry.SupportedVPD",
  "SCSI.Inquiry.VersionDescriptors",
  "SCSI.ModeSense6.AllPages",
  "SCSI.ModeSense6.Control",
  "SCSI.ModeSense6.Residuals",
  "SCSI.TestUnitReady.Simple",
  "SCSI.ReportSupportedOpcodes.Simple",
  "SCSI.ReportSupportedOpcodes.OneCommand",
  "SCSI.ReportSupportedOpcodes.RCTD",
  "SCSI.ReportSupportedOpcodes.SERVACTV",
  "SCSI.PrinReadKeys.Simple",
  "SCSI.PrinReadKeys.Truncate",
  "SCSI.PrinServiceactionRange.Range",
  "SCSI.PrinReportCapabilities.Simple",
  "SCSI.ProutRegister.Simple",
  "SCSI.ProutReserve.Simple",
  "SCSI.ProutReserve.OwnershipEA",
  "SCSI.ProutReserve.OwnershipWE",
  "SCSI.ProutReserve.OwnershipEARO",
  "SCSI.ProutReserve.OwnershipWERO",
  "SCSI.ProutReserve.OwnershipEAAR",
  "SCSI.ProutReserve.OwnershipWEAR",
  "SCSI.ProutClear.Simple",
  "SCSI.ProutPreempt.RemoveRegistration",
  "SCSI.Reserve6.Simple",
  "SCSI.Reserve6.2Initiators",
  "SCSI.Reserve6.Logout",
  "SCSI.Reserve6.ITNexusLoss",
  "SCSI.Reserve6.TargetColdReset",
  "SCSI.Reserve6.TargetWarmReset",
  "SCSI.Reserve6.LUNReset",
  "iSCSI.iSCSIcmdsn.iSCSICmdSnTooHigh",
  "iSCSI.iSCSIcmdsn.iSCSICmdSnTooLow",
] as const;

export const CHANGER_TESTS: readonly string[] = ANY_TESTS;
/** Without PwrCnd and NoLoej: a disk's START STOP UNIT is LOAD UNLOAD on tapes, without power conditions. */
export const DRIVE_TESTS: readonly string[] = [...ANY_TESTS, "SCSI.StartStopUnit.Simple"];
/**
 * They look for a disk first, but what they test, ejection, a tape drive has too. Without Eject, which wants that a LOAD
 * is refused as well while removal is prevented: SSC-5 forbids unloading only.
 */
export const DRIVE_TESTS_AS_DISK: readonly string[] = [
  "SCSI.PreventAllow.Simple",
  "SCSI.PreventAllow.ITNexusLoss",
  "SCSI.PreventAllow.Logout",
  "SCSI.PreventAllow.WarmReset",
  "SCSI.PreventAllow.ColdReset",
  "SCSI.PreventAllow.LUNReset",
  "SCSI.PreventAllow.2ITNexuses",
];

const under = (suite: string, ...tests: readonly string[]) =>
  tests.map((test) => `${suite}.${test}`);
const MOVING_DATA = ["Simple", "BeyondEol", "ZeroBlocks"] as const;

/** On the disk: all of the iSCSI family, and reads and writes whose data it moves. */
export const DISK_TESTS: readonly string[] = [
  ...under("iSCSI.iSCSIcmdsn", "iSCSICmdSnTooHigh", "iSCSICmdSnTooLow"),
  ...under("iSCSI.iSCSIdatasn", "iSCSIDataSnInvalid"),
  ...under("iSCSI.iSCSIResiduals", "Read10Invalid", "Read10Residuals", "Read12Residuals"),
  ...under("iSCSI.iSCSIResiduals", "Read16Residuals", "Write10Residuals", "Write12Residuals"),
  ...under("iSCSI.iSCSIResiduals", "Write16Residuals", "WriteVerify10Residuals"),
  ...under("iSCSI.iSCSIResiduals", "WriteVerify12Residuals", "WriteVerify16Residuals"),
  // Both of its tests in one run: the second reads, before its own answer, a variable that the first has set.
  "iSCSI.iSCSITMF",
  ...under("SCSI.Read10", ...MOVING_DATA, "Async"),
  ...under("SCSI.Read16", ...MOVING_DATA),
  ...under("SCSI.Write10", ...MOVING_DATA, "Async"),
  ...under("SCSI.Write16", ...MOVING_DATA),
];
