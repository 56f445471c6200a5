// Stands in for native-watchdog, which ends an extension host whose parent died. Here the whole
// process group is ended by whoever started it.
'use strict';
exports.start = () => {};
exports.exit = () => {};
