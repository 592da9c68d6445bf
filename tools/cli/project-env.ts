/** Adds the settings of `.env` in the working directory, as the gateway does; what is set already stays. */
export function loadProjectEnv(): void {
  try {
    process.loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
