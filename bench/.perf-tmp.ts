import { dealPairs, generateKey, signingMachines, simulate } from '@/lib/mpc/simulation';

const parties = [1, 2, 3];
const pairs = dealPairs(parties, 'b');
const key = generateKey(3, [1, 2, 3, 4], 'b');
const cpu: number[] = [],
  wall: number[] = [];
for (let i = 0; i < 40; i++) {
  const m = signingMachines(key, pairs, parties, `b ${i}`);
  const c = process.cpuUsage();
  const t = performance.now();
  simulate(m);
  const u = process.cpuUsage(c);
  if (i >= 10) {
    cpu.push((u.user + u.system) / 1000);
    wall.push(performance.now() - t);
  }
}
const med = (a: number[]) => a.sort((x, y) => x - y)[a.length >> 1]!.toFixed(1);
console.log('cpu median', med(cpu), 'min', cpu[0]!.toFixed(1), 'wall median', med(wall), 'min', wall[0]!.toFixed(1));
