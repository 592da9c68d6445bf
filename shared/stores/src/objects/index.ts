export * from './port.js';
export { createDirectoryObjects, DirectoryObjects, type DirectoryObjectsOptions } from './directory.js';
export { createObjectsHandler, type ObjectsHandlerOptions } from './handler.js';
export { createS3Objects, type S3Objects, type S3ObjectsOptions } from './s3.js';
