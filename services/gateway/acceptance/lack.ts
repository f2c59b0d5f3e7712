/** Thrown where the target does not have what the check is about, and is free not to have it. */
export class Lack extends Error {
  override readonly name = "Lack";
}
