/** Overwriting disks, partitions and file systems. Image files and loop devices are ordinary. */
import { joinedArgs, operands } from '../invocation.ts';
import type { Invocation } from '../invocation.ts';
import type { CommandRule } from '../rule.ts';
import { isDisk, reachesDisks } from '../targets.ts';

function namesDisk(invocation: Invocation): boolean {
  return reachesDisks(invocation) && invocation.texts.some((text) => isDisk(text.replace(/^of=/, '')));
}

const MAKERS = ['mkfs', 'mkfs.ext2', 'mkfs.ext3', 'mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs', 'mkfs.vfat', 'mkfs.fat', 'mkfs.ntfs', 'mkfs.exfat', 'mkfs.f2fs', 'mke2fs', 'mkswap', 'newfs', 'newfs_apfs', 'newfs_hfs', 'wipefs', 'blkdiscard', 'shred', 'badblocks', 'sgdisk', 'sfdisk', 'parted', 'fdisk', 'gdisk', 'cfdisk', 'nwipe', 'scrub', 'hdparm', 'nvme', 'mdadm', 'partx', 'flashrom', 'flash_erase', 'ntfsformat', 'mkntfs', 'pvcreate'];
/** Programs of that list which also only look. */
const LOOKS = /(?:^|\s)(?:-l|--list|--print|-p|print|--dump|-d|--detail|--examine|list|smart-log|id-ctrl|-i|--info|--no-act)(?:\s|$)/;

export const DISK_RULES: readonly CommandRule[] = [
  {
    id: 'overwrite-disk', family: 'disk', certainty: 'certain', verbs: ['<writes>', 'dd', 'dcfldd', 'pv', 'ddrescue'],
    test: (invocation) => {
      if (!reachesDisks(invocation)) return false;
      if (invocation.redirects.some((redirect) => (redirect.operator === '>' || redirect.operator === '>>' || redirect.operator === '<>') && isDisk(redirect.target.text))) return true;
      switch (invocation.name) {
        case 'dd': case 'dcfldd': case 'pv': return invocation.texts.some((text) => text.startsWith('of=') && isDisk(text.slice(3)));
        case 'cp': case 'mv': case 'tee': case 'ddrescue': return isDisk(operands(invocation).at(-1)?.text ?? '');
        default: return false;
      }
    },
    matches: ['dd if=/dev/zero of=/dev/sda bs=1M', 'cat /dev/urandom > /dev/nvme0n1', '> /dev/sda', 'cp x.img /dev/sdb', 'yes | sudo tee /dev/vda', "python3 -c \"import os; os.system('dd if=/dev/zero of=/dev/sda')\""],
    ignores: ['dd if=/dev/sda of=backup.img', 'dd if=/dev/zero of=test.img bs=1M count=10', 'echo x > /dev/null', 'echo x > /dev/stderr'],
  },
  {
    id: 'make-filesystem', family: 'disk', certainty: 'certain', verbs: MAKERS,
    test: (invocation) => namesDisk(invocation) && (invocation.name.startsWith('mkfs') || !LOOKS.test(joinedArgs(invocation)) || /zap|erase|mklabel|rm\b/.test(joinedArgs(invocation)))
      && (invocation.name !== 'hdparm' || /security-erase|trim-sector|make-bad|write-sector/.test(joinedArgs(invocation)))
      && (invocation.name !== 'nvme' || /format|sanitize|write-zeroes/.test(joinedArgs(invocation)))
      && (invocation.name !== 'badblocks' || /-\w*w/.test(joinedArgs(invocation)))
      && (invocation.name !== 'mdadm' || /zero-superblock|--stop/.test(joinedArgs(invocation))),
    matches: ['mkfs.ext4 /dev/sda1', 'sudo wipefs -a /dev/nvme0n1', 'shred -n 3 /dev/sdb', 'sgdisk --zap-all /dev/sda', 'parted -s /dev/sda mklabel gpt', 'blkdiscard -f /dev/vda', 'echo -e "d\\nw" | fdisk /dev/sda'],
    ignores: ['mkfs.ext4 disk.img', 'mkfs.ext4 /dev/loop0', 'fdisk -l /dev/sda', 'parted /dev/sda print', 'hdparm -I /dev/sda', 'badblocks -sv /dev/sdb'],
  },
  {
    id: 'erase-volume', family: 'disk', certainty: 'certain', verbs: ['diskutil', 'format', 'diskpart', 'clear-disk', 'format-volume', 'initialize-disk', 'remove-partition', 'asr'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      switch (invocation.name) {
        case 'diskutil': return /^(?:erasedisk|erasevolume|reformat|secureerase|zerodisk|randomdisk|partitiondisk|apfs delete\w+)/.test(args);
        case 'format': return /(?:^|\s)[a-z]:(?:\s|$)/.test(args);
        case 'diskpart': return /clean|delete|format|\/s /.test(args) || /\b(?:clean|format|delete)\b/i.test(invocation.feeds.map((feed) => `${feed.path} ${feed.texts.join(' ')}`).join(' ').slice(0, 512)) || invocation.redirects.some((redirect) => redirect.operator === '<<' && /clean|format/i.test(redirect.target.text.slice(0, 2048)));
        case 'asr': return /--erase/.test(args);
        default: return !/-whatif/.test(args);
      }
    },
    matches: ['diskutil eraseDisk JHFS+ X /dev/disk2', 'C:\\> format c: /q /y', 'PS> Clear-Disk -Number 0 -RemoveData -Confirm:$false', 'PS> Format-Volume -DriveLetter D', 'C:\\> (echo select disk 0 & echo clean) | diskpart', 'PS> "select disk 0`nclean" | diskpart'],
    ignores: ['diskutil list', 'PS> Get-Disk', 'npm run format', 'PS> Format-Volume -DriveLetter D -WhatIf', 'cargo fmt'],
  },
  {
    id: 'wipe-free-space', family: 'disk', certainty: 'likely', verbs: ['cipher', 'sdelete', 'sdelete64', 'sfill'],
    test: (invocation) => invocation.name !== 'cipher' || /\/w/.test(joinedArgs(invocation)),
    matches: ['C:\\> cipher /w:C:\\', 'C:\\> sdelete -p 3 -s C:\\data'],
    ignores: ['C:\\> cipher /e secret'],
  },
];
