/** Makes of drives and changers as the API names them: only those that packages/scsi knows. */
import { changerModels, driveModels } from "@reelhouse/scsi";
import type { FullMake } from "../library/device-identities.ts";
import { refuse } from "../library/shape-changes.ts";
import type { ShapeRefusal } from "../library/shape-changes.ts";

type Found = { readonly kind: "known"; readonly make: FullMake } | ShapeRefusal;

const knownMake = (models: readonly FullMake[], text: string, field: string): Found => {
  const [vendor, product, revision] = text.split(":", 3);
  const model = models.find((each) => each.vendor === vendor && each.product === product);
  if (model === undefined) return refuse("MODEL_UNKNOWN", field, `Not ${text}.`);
  return {
    kind: "known",
    make: {
      vendor: model.vendor,
      product: model.product,
      revision: revision ?? model.revision,
    },
  };
};

export const knownDrive = (text: string, field: string): Found =>
  knownMake(driveModels, text, field);
export const knownChanger = (text: string, field: string): Found =>
  knownMake(changerModels, text, field);
