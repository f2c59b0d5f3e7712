/** GET /control/v1/iscsi/targets: each target with what it is, who may log in and who is; and how the access file fares. */
import { controlTargets } from "@reelhouse/contracts";
import type { IscsiTargetView } from "@reelhouse/contracts";
import type { Robotics } from "../../robotics.ts";
import { viewTargetAccess } from "./access-views.ts";
import type { IscsiParts, IscsiRoute } from "./iscsi-route.ts";
import { viewRedirect } from "./redirect-view.ts";

type Place = Pick<IscsiTargetView, "targetName" | "library" | "device" | "elementAddress">;

const placesOf = ({ library: { state } }: Robotics): readonly Place[] => {
  const { library, changer, drives } = state;
  return [
    { targetName: changer.targetName, library, device: "changer", elementAddress: null },
    ...drives.map(
      ({ targetName, address }) =>
        ({ targetName, library, device: "drive", elementAddress: address }) as const,
    ),
  ];
};

function viewTargets({ frontEnd, house }: IscsiParts): IscsiTargetView[] {
  const inUse = frontEnd.sessions.list().filter(({ sessionType }) => sessionType === "Normal");
  const byTarget = Map.groupBy(inUse, ({ targetName }) => targetName);
  return [...house.robotics.values()].flatMap(placesOf).map((place) => {
    const { targetName } = place;
    const { targetName: _, ...access } = viewTargetAccess(frontEnd.access, targetName);
    return {
      ...place,
      access,
      redirect: viewRedirect(frontEnd, targetName).redirect,
      sessions: (byTarget.get(targetName) ?? []).map(({ tsih }) => tsih),
    };
  });
}

export const listTargetsRoute: IscsiRoute = ({ app, bearer }, parts) => {
  const { path, response } = controlTargets;
  app.get(path, { onRequest: bearer("service"), schema: { response: { 200: response } } }, () => {
    const state = parts.frontEnd.accessFile?.state;
    return {
      targets: viewTargets(parts),
      accessFile:
        state === undefined
          ? null
          : { faults: [...state.faults], readAt: state.readAt.toISOString() },
    };
  });
};
