/** Versions of kubectl that this app brings along. */
export type KubectlVersion = '1.33' | '1.35';

const NEAREST: { readonly [minor: number]: KubectlVersion } = { 32: '1.33', 33: '1.33', 34: '1.33', 35: '1.35', 36: '1.35' };

/** The kubectl for a cluster's version: kubectl works with an API server one minor version older or newer (Kubernetes' version skew policy). */
export function kubectlOf(kubernetesVersion: string | undefined): KubectlVersion | undefined {
  return NEAREST[Number((kubernetesVersion ?? '').slice(2))];
}

/** Kubernetes versions in which the deploy can install, oldest and newest. */
export const INSTALLABLE = '1.32 to 1.36';
