#!/bin/bash
# Boots systemd as the first process of namespaces of its own: processes, mounts, network (loopback alone), host name, IPC
# and cgroups. The root is a tmpfs; /usr is the machine's own, read-only. Nothing of the machine itself is changed.
# Usage: systemd-machine.sh ROOT SHARE NODE CGROUP   (SHARE becomes /lab, NODE /opt/node; CGROUP is made, below cgroup2)
set -euo pipefail
root=$1 share=$2 node=$3 cgroup=$4

mkdir -p "$cgroup"
echo $$ > "$cgroup/cgroup.procs"
export root share node
exec unshare --mount --pid --ipc --uts --cgroup --net --fork --kill-child bash -c '
set -euo pipefail
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$root"
cd "$root"
mkdir -p usr etc/systemd/system var/lib var/log run tmp proc sys dev root home opt lab old
mount --rbind -o ro /usr usr
for link in bin sbin lib lib64; do if [ -L "/$link" ]; then ln -s "usr/$link" "$link"; fi; done
for file in passwd group nsswitch.conf ld.so.conf ld.so.conf.d ld.so.cache; do if [ -e "/etc/$file" ]; then cp -a "/etc/$file" etc/; fi; done
echo 0123456789abcdef0123456789abcdef > etc/machine-id
echo "tester:x:4711:4711::/home/tester:/bin/sh" >> etc/passwd
echo "tester:x:4711:" >> etc/group
mkdir -p home/tester && chown 4711:4711 home/tester
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
# Of older hierarchies nothing is mounted where the kernel lists no controllers: names would be left behind there.
echo "#subsys_name hierarchy num_cgroups enabled" > opt/cgroups
mount --bind opt/cgroups proc/cgroups
mount -t tmpfs -o mode=755 tmpfs dev
mknod -m 666 dev/null c 1 3; mknod -m 666 dev/zero c 1 5; mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8; mknod -m 666 dev/urandom c 1 9; mknod -m 666 dev/tty c 5 0
mkdir dev/shm dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mkdir -m 1777 var/tmp
mount --bind "$share" lab
touch opt/node; mount --bind "$node" opt/node
ip link set lo up
pivot_root . old
umount -l old
cd /
exec env -i container=other PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --system --unit=basic.target
'
