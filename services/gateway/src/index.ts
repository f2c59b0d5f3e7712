/** The only door of @reelhouse/gateway: for tests; in production main.ts is run. */
export { openGateway } from "./gateway.ts";
export type { Gateway, GatewayOptions } from "./gateway.ts";
export { gatewayConfig } from "./config.ts";
export type { GatewayConfig } from "./config.ts";
