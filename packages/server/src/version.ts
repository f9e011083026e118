// The two versions of this server. They are constants, not read from package.json: a start should not read files for them.
// version.test.ts compares VERSION with the manifests.

/** Our own version: `perdure --version`, and `version_info.current` of GetClusterInfo. */
export const VERSION = '0.1.0';

/** The release of the Temporal service whose behaviour we follow: what SDKs, CLI and Web UI compare to choose features. */
export const COMPATIBLE_VERSION = '1.32.0';
