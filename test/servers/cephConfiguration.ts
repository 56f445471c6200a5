/** What the configuration of a one-node cluster depends on. */
export interface CephSettings {
  readonly folder: string;
  readonly fsid: string;
  readonly monitorPort: number;
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly certificateFile: string;
  readonly privateKeyFile: string;
}

const quiet =
  'ms osd rgw rgw_sync memstore auth mon monc paxos objclass objecter rados crush optracker tp timer finisher';

/**
 * The ceph.conf of a cluster that is up in a second: no batching delay in paxos, one placement
 * group a pool, no scrubs, everything in memory, no authentication between the daemons (loopback).
 * https://docs.ceph.com/en/latest/rados/configuration/ and …/radosgw/config-ref/
 */
export function cephConfiguration(settings: CephSettings): string {
  const { folder } = settings;
  const frontend = [
    `beast ssl_endpoint=127.0.0.1:${String(settings.httpsPort)}`,
    `ssl_certificate=${settings.certificateFile} ssl_private_key=${settings.privateKeyFile}`,
    // Without tcp_nodelay each small GET takes 44 ms.
    `endpoint=127.0.0.1:${String(settings.httpPort)} tcp_nodelay=1`,
  ].join(' ');
  return `[global]
fsid = ${settings.fsid}
mon_host = [v1:127.0.0.1:${String(settings.monitorPort)}]
ms_bind_msgr2 = false
ms_bind_ipv6 = false
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
keyring = ${folder}/keyring
admin_socket =
run_dir = ${folder}
pid_file = ${folder}/$name.pid
log_file = ${folder}/log/$name.log
crash_dir = ${folder}/crash
${quiet
  .split(' ')
  .map((part) => `debug_${part} = 0/0`)
  .join('\n')}
osd_enable_op_tracker = false
mon_data = ${folder}/mon/$id
osd_data = ${folder}/osd/$id
mgr_data = ${folder}/mgr/$id
paxos_propose_interval = 0.01
paxos_min_wait = 0.005
mon_cluster_log_to_file = false
mon_data_avail_crit = 1
mon_data_avail_warn = 1
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_objectstore = memstore
memstore_device_bytes = 8589934592
osd_memory_target = 1073741824
osd_class_load_list = *
osd_class_default_list = *
osd_scrub_load_threshold = 0
osd_max_scrubs = 0
osd_op_num_shards = 2
osd_op_num_threads_per_shard = 2
[client.rgw]
rgw_data = ${folder}/rgw
rgw_frontends = ${frontend}
rgw_dns_name = localhost
rgw_override_bucket_index_max_shards = 1
rgw_dynamic_resharding = false
rgw_enable_usage_log = false
rgw_enable_ops_log = false
# Removed objects stay in the memstore until collected.
rgw_gc_obj_min_wait = 2
rgw_gc_processor_period = 5
rgw_gc_processor_max_time = 5
rgw_thread_pool_size = 64
`;
}
