/** The mode pages every device type here has and nobody can change. */
import { controlExtensionModePage } from "./control-extension.ts";
import { disconnectReconnectModePage } from "./disconnect-reconnect.ts";
import { powerConditionModePage } from "./power-condition.ts";
import {
  protocolSpecificLogicalUnitModePage,
  protocolSpecificPortModePage,
} from "./protocol-specific.ts";

export const commonModePages = [
  disconnectReconnectModePage,
  controlExtensionModePage,
  protocolSpecificLogicalUnitModePage,
  protocolSpecificPortModePage,
  powerConditionModePage,
];
