/** Of the registry of RFC 6455 §11.7, after which clients come back. */
export const SERVICE_RESTART = 1012;
export const TRY_AGAIN_LATER = 1013;
