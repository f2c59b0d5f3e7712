/** Control mode page, 0Ah (SPC-5 7.5.10). */
import type { ModePage } from "./mode-page.ts";

/** What an application client may choose in it. */
export interface ControlParameters {
  /** D_SENSE: sense data in descriptor format. */
  descriptorSense: boolean;
}

export const newControlParameters = (): ControlParameters => ({ descriptorSense: false });

const dSense = 0x04;
/** TAS: a task ended by another nexus is answered with status TASK ABORTED. */
const tas = 0x40;

const encode = (descriptorSense: boolean) =>
  Uint8Array.of(descriptorSense ? dSense : 0, 0, 0, tas, 0, 0, 0, 0, 0, 0);

/** One task set for all nexuses, restricted reordering: commands run in order. */
export const controlModePage = (parameters: ControlParameters): ModePage => ({
  pageCode: 0x0a,
  name: "Control",
  current: () => encode(parameters.descriptorSense),
  defaults: encode(false),
  changeable: Uint8Array.of(dSense, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  savable: true,
  apply: (data) => {
    parameters.descriptorSense = (data[0]! & dSense) !== 0;
  },
});
