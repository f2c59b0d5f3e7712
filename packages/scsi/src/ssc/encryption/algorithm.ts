/** The data encryption algorithm of the drive (SSC-5 8.5.2.7): AES-256-GCM, and the sizes that go with it. */

/** ALGORITHM INDEX by which the pages name it. */
export const algorithmIndex = 1;
/** SECURITY ALGORITHM CODE of AES-256-GCM with a 128-bit tag (SFSC). */
export const securityAlgorithmCode = 0x0001_0014;

export const keyLength = 32;

/** KEY FORMAT: the key itself (SSC-5 8.5.3.2.3); no references, no wrapped keys. */
export const plainKeyFormat = 0x00;
