/** Every id that the manifest and the code share; a unit test holds them against each other. */

export const scheme = 'ssec';

export const viewContainerId = 'ssec';

export const viewIds = {
  objects: 'ssec.objects',
  customerKeys: 'ssec.customerKeys',
  transfers: 'ssec.transfers',
  syncPlan: 'ssec.syncPlan',
} as const;

export const commandIds = {
  addConnection: 'ssec.addConnection',
  editConnection: 'ssec.editConnection',
  removeConnection: 'ssec.removeConnection',
  testConnection: 'ssec.testConnection',

  addCustomerKey: 'ssec.addCustomerKey',
  listCustomerKeys: 'ssec.listCustomerKeys',
  renameCustomerKey: 'ssec.renameCustomerKey',
  removeCustomerKey: 'ssec.removeCustomerKey',
  setDefaultCustomerKey: 'ssec.setDefaultCustomerKey',
  bindCustomerKey: 'ssec.bindCustomerKey',
  adoptCustomerKey: 'ssec.adoptCustomerKey',
  addGpgPassphrase: 'ssec.addGpgPassphrase',
  removeGpgPassphrase: 'ssec.removeGpgPassphrase',

  openObject: 'ssec.openObject',
  chooseCustomerKey: 'ssec.chooseCustomerKey',
  newObject: 'ssec.newObject',
  newPrefix: 'ssec.newPrefix',
  renameObject: 'ssec.renameObject',
  moveObject: 'ssec.moveObject',
  copyObject: 'ssec.copyObject',
  deleteObject: 'ssec.deleteObject',
  cutObjects: 'ssec.cutObjects',
  copyObjects: 'ssec.copyObjects',
  pasteObjects: 'ssec.pasteObjects',
  copyAddress: 'ssec.copyAddress',
  openAsWorkspaceFolder: 'ssec.openAsWorkspaceFolder',

  put: 'ssec.put',
  get: 'ssec.get',
  cleanUpUploads: 'ssec.cleanUpUploads',
  showTransfers: 'ssec.showTransfers',
  cancelTransfer: 'ssec.cancelTransfer',
  retryTransfer: 'ssec.retryTransfer',
  revealTransfer: 'ssec.revealTransfer',
  removeTransfer: 'ssec.removeTransfer',
  showTransferReport: 'ssec.showTransferReport',
  exportTransferReport: 'ssec.exportTransferReport',
  clearDoneTransfers: 'ssec.clearDoneTransfers',

  addSyncPair: 'ssec.addSyncPair',
  syncNow: 'ssec.syncNow',
  editSyncPair: 'ssec.editSyncPair',
  removeSyncPair: 'ssec.removeSyncPair',
  runSyncPlan: 'ssec.runSyncPlan',
  discardSyncPlan: 'ssec.discardSyncPlan',
  keepBothInPlan: 'ssec.keepBothInPlan',
  useLocalInPlan: 'ssec.useLocalInPlan',
  useRemoteInPlan: 'ssec.useRemoteInPlan',
  compareInPlan: 'ssec.compareInPlan',
  showMoreOfPlan: 'ssec.showMoreOfPlan',
  showSyncReport: 'ssec.showSyncReport',
  exportSyncReport: 'ssec.exportSyncReport',

  refresh: 'ssec.refresh',
  loadMore: 'ssec.loadMore',
  filterPrefix: 'ssec.filterPrefix',
  clearFilter: 'ssec.clearFilter',
  showLog: 'ssec.showLog',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const settingIds = {
  connections: 'ssec.connections',
  keyRules: 'ssec.keyRules',
  uploadRules: 'ssec.uploadRules',
  defaultCustomerKey: 'ssec.defaultCustomerKey',
  largeObjectSize: 'ssec.largeObjectSize',
  pageSize: 'ssec.pageSize',
  sync: 'ssec.sync',
  transferConcurrency: 'ssec.transfers.concurrency',
  transferRestoreMode: 'ssec.transfers.restoreMode',
  transferBandwidth: 'ssec.transfers.bandwidth',
} as const;

/** Context keys that `when` clauses of the manifest read. */
export const contextKeys = {
  /** Whether something was cut or copied in the view "Objects". */
  canPaste: 'ssec:canPaste',
  /** Whether the view "Sync" shows a plan. */
  hasSyncPlan: 'ssec:hasSyncPlan',
} as const;

/** Prefixes of a tree item's `contextValue`; menus match on them. */
export const treeItemContexts = {
  connection: 'connection',
  bucket: 'bucket',
  prefix: 'prefix',
  object: 'object',
  loadMore: 'loadMore',
  error: 'error',
  customerKey: 'customerKey',
  transfer: 'transfer',
  syncPair: 'syncPair',
  syncGroup: 'syncGroup',
  syncItem: 'syncItem',
} as const;
