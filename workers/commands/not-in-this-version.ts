/** Stands where a command of later work will be. */
process.stderr.write('not in this version\n');
process.exit(2);
