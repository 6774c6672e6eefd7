/** Add-ons that this app installs. */
export type AddonName = 'amazon-cloudwatch-observability' | 'eks-pod-identity-agent' | 'metrics-server';

/** A version of an add-on for clusters of some versions. */
interface PinnedAddons {
  readonly minors: readonly number[];
  readonly versions: { readonly [name in AddonName]: string };
}

/**
 * Versions that EKS offers for a cluster's version (`aws eks describe-addon-versions`). One of 2026-08 knows the switches of both metric profiles and has
 * Classic on and OTel off unless told otherwise. A Kubernetes version that is not here gets what EKS takes by default, and `check` says so.
 */
const PINNED: readonly PinnedAddons[] = [
  {
    minors: [32, 33, 34, 35, 36],
    versions: {
      'amazon-cloudwatch-observability': 'v6.5.0-eksbuild.1',
      'eks-pod-identity-agent': 'v1.3.10-eksbuild.3',
      'metrics-server': 'v0.8.1-eksbuild.6',
    },
  },
];

/** Version of an add-on for a cluster; undefined leaves the choice to EKS. `kubernetesVersion` is as the config gives it, such as `1.33`. */
export function addonVersion(name: AddonName, kubernetesVersion: string | undefined): string | undefined {
  const minor = Number((kubernetesVersion ?? '').slice(2));
  return PINNED.find(({ minors }) => minors.includes(minor))?.versions[name];
}

/** Kubernetes versions that add-ons are pinned for, newest last. */
export const PINNED_KUBERNETES: readonly string[] = PINNED.flatMap(({ minors }) => minors.map((minor) => `1.${minor}`));
