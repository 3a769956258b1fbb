import {
  Activity,
  BadgeCheck,
  Code,
  Cpu,
  House,
  KeyRound,
  type LucideIcon,
  Scale,
  ScrollText,
  Settings,
  ShieldCheck,
  Users,
  Wallet,
} from 'lucide-react';

export type RailItem = {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly keys: string;
};

/** Where the console can go; the order is that of the rail. */
export const RAIL_ITEMS: readonly RailItem[] = [
  { href: '/console', label: 'Home', icon: House, keys: 'g h' },
  { href: '/console/approvals', label: 'Approvals', icon: BadgeCheck, keys: 'g a' },
  { href: '/console/activity', label: 'Activity', icon: Activity, keys: 'g t' },
  { href: '/console/wallets', label: 'Wallets', icon: Wallet, keys: 'g w' },
  { href: '/console/keys', label: 'Keys', icon: KeyRound, keys: 'g k' },
  { href: '/console/policies', label: 'Policies', icon: Scale, keys: 'g p' },
  { href: '/console/roles', label: 'Roles', icon: ShieldCheck, keys: 'g r' },
  { href: '/console/people', label: 'People', icon: Users, keys: 'g u' },
  { href: '/console/signers', label: 'Signers', icon: Cpu, keys: 'g s' },
  { href: '/console/audit', label: 'Audit', icon: ScrollText, keys: 'g l' },
  { href: '/console/developers', label: 'Developers', icon: Code, keys: 'g d' },
  { href: '/console/settings', label: 'Settings', icon: Settings, keys: 'g ,' },
];
