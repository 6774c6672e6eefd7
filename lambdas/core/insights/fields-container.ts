import { type FieldInfo, field } from './fields.ts';

const LINE: readonly FieldInfo[] = [
  field('log', 'text', 'the line as the container wrote it; lines of a stack trace are joined by line feeds where the agent joins them'),
  field('stream', 'text', 'stdout or stderr'),
  field('time', 'text', 'time of the container runtime, with nanoseconds'),
  field('_p', 'text', 'F for a whole line; containerd marks pieces with P'),
];

/** Fields of the records that Fluent Bit sends to /aws/containerinsights/<cluster>/application. */
export const APPLICATION: readonly FieldInfo[] = [
  ...LINE,
  field('log_processed.*', 'map', 'members of a line that is JSON (Merge_Log_Key of the official configuration)'),
  field('kubernetes.pod_name', 'text', 'pod'),
  field('kubernetes.namespace_name', 'text', 'namespace'),
  field('kubernetes.container_name', 'text', 'container'),
  field('kubernetes.host', 'text', "the node's name"),
  field('kubernetes.pod_id', 'text', 'uid of the pod'),
  field('kubernetes.pod_ip', 'text', 'address of the pod'),
  field('kubernetes.docker_id', 'text', 'id of the container'),
  field('kubernetes.container_hash', 'text', 'digest of the image'),
  field('kubernetes.container_image', 'text', 'image with its tag'),
  field('kubernetes.labels.*', 'map', 'labels of the pod; only where the agent is told to add them'),
  field('kubernetes.annotations.*', 'map', 'annotations of the pod; only where the agent is told to add them'),
  field('kubernetes.namespace_labels.*', 'map', 'labels of the namespace; only where the agent is told to add them'),
];

/** Fields of /aws/containerinsights/<cluster>/dataplane: units of systemd (kubelet, containerd), and the pods aws-node and kube-proxy. */
export const DATAPLANE: readonly FieldInfo[] = [
  ...LINE,
  field('hostname', 'text', "the node's host name (units of systemd)"),
  field('systemd_unit', 'text', 'kubelet.service, containerd.service, docker.service'),
  field('message', 'text', 'the line of a unit'),
  field('az', 'text', 'availability zone of the node'),
  field('ec2_instance_id', 'text', 'instance of the node'),
];

/** Fields of /aws/containerinsights/<cluster>/host: kernel (dmesg), messages and secure of the node. */
export const HOST: readonly FieldInfo[] = [
  field('host', 'text', "the node's host name"),
  field('ident', 'text', 'program that wrote the line'),
  field('pid', 'text', 'its process id'),
  field('message', 'text', 'the line'),
  field('time', 'text', 'time as syslog wrote it'),
  field('az', 'text', 'availability zone of the node'),
  field('ec2_instance_id', 'text', 'instance of the node'),
];
