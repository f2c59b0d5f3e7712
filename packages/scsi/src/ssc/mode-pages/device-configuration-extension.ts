/** Device Configuration Extension mode subpage, 10h/01h (SSC-5 8.4.8): append-only mode and programmable early warning. */
import { be, join, readBe } from "../../bytes.ts";
import { type ModePage, unchangeableField } from "../../spc/mode-pages/mode-page.ts";
import { type ModeParameters, defaultModeParameters } from "../mode-parameters.ts";

const pageLength = 28;
const at = { writeMode: 1, programmableEarlyWarningSize: 2 } as const;
/** WRITE MODE, in the upper half of its byte. */
const writeMode = { overwriteAllowed: 0x00, appendOnly: 0x10 } as const;

const encode = ({ appendOnly, programmableEarlyWarningSize }: Readonly<ModeParameters>) =>
  join(
    0,
    appendOnly ? writeMode.appendOnly : writeMode.overwriteAllowed,
    be(programmableEarlyWarningSize, 2),
    new Uint8Array(pageLength - 4),
  );

const changeable = new Uint8Array(pageLength);
changeable.set([0xf0, 0xff, 0xff], at.writeMode);

export const deviceConfigurationExtensionModePage = (parameters: ModeParameters): ModePage => ({
  pageCode: 0x10,
  subpageCode: 0x01,
  name: "Device Configuration Extension",
  current: () => encode(parameters),
  defaults: encode(defaultModeParameters),
  savable: true,
  changeable,
  invalidField: (data) =>
    (data[at.writeMode]! & 0xf0) > writeMode.appendOnly
      ? { byte: at.writeMode, bit: 7 }
      : unchangeableField(encode(parameters), changeable, data),
  apply: (data) => {
    parameters.appendOnly = (data[at.writeMode]! & 0xf0) === writeMode.appendOnly;
    parameters.programmableEarlyWarningSize = readBe(data, at.programmableEarlyWarningSize, 2);
  },
});
