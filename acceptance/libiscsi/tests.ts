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
