type Package = { name: string; version: string; path: string; license: string | undefined };

export function shippedPackages(): Package[];
export function bundledPackages(): Package[];
export function licenceList(packages: Package[]): unknown;
