#!/bin/sh
# Boot systemd as the first process of new namespaces, over a copy-on-write view of this machine's
# file system, and stay in the foreground until it ends. Nothing outside is changed. Needs root.
#
#   systemd.sh outer FOLDER   (starts "inner" in the new namespaces)
#
# FOLDER/opt holds what is to be at /opt/peelgraph, FOLDER/units the units; PYTHON is the prefix of
# the interpreter, shown at /opt/python, and PACKAGES the packages that it imports.
set -eu
folder=$2
tree=$folder/tree

if [ "$1" = outer ]; then
    # control groups of its own, so that what systemd limits is what runs in it
    grep -E ' cgroup2? ' /proc/self/mounts | while read -r _ where _; do
        group=$where/$(basename "$folder")
        mkdir -p "$group"
        for each in cpuset.cpus cpuset.mems; do
            [ -z "$(cat "$group/$each" 2>&1)" ] && cat "$where/$each" > "$group/$each"
        done
        echo $$ > "$group/cgroup.procs"
    done
    exec unshare --pid --mount --ipc --uts --net --cgroup --fork --kill-child sh "$0" inner "$folder"
fi

mount --make-rprivate /
mkdir -p "$tree" "$folder/changes"
mount -t tmpfs none "$folder/changes"
mkdir "$folder/changes/upper" "$folder/changes/work"
mount -t overlay overlay \
    -o "lowerdir=/,upperdir=$folder/changes/upper,workdir=$folder/changes/work" "$tree"

mount -t proc proc "$tree/proc"
mount -t sysfs -o ro sysfs "$tree/sys"
groups=$(grep -E ' cgroup2? ' /proc/self/mounts)
if echo "$groups" | grep -q ' cgroup '; then
    mount -t tmpfs -o mode=755 tmpfs "$tree/sys/fs/cgroup"
fi
echo "$groups" | while read -r _ where kind options _; do
    mkdir -p "$tree$where"
    given=$(echo "$options" | tr , '\n' | grep -vxE 'rw|ro|nosuid|nodev|noexec|relatime|nsdelegate|memory_recursiveprot' | paste -sd, -)
    if [ "$kind" = cgroup ]; then
        mount -t cgroup -o "$given" none "$tree$where"
    else
        mount -t cgroup2 none "$tree$where"
    fi
done
for each in run tmp; do
    mount -t tmpfs -o mode=1777 tmpfs "$tree/$each"
done
chmod 755 "$tree/run"
mount -t tmpfs -o mode=755 tmpfs "$tree/dev"
for each in null zero full random urandom tty; do
    touch "$tree/dev/$each"
    mount --bind "/dev/$each" "$tree/dev/$each"
done
mkdir "$tree/dev/shm" "$tree/dev/pts"
mount -t tmpfs tmpfs "$tree/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$tree/dev/pts"
ln -s pts/ptmx "$tree/dev/ptmx"
ln -s /proc/self/fd "$tree/dev/fd"
ip link set lo up
ip address add 10.255.255.1/32 dev lo

mkdir -p "$tree/opt/python" "$tree/opt/peelgraph"
cp -r "$folder/opt/." "$tree/opt/peelgraph"
mount --bind "$PYTHON" "$tree/opt/python"
packages=$(echo "$tree"/opt/peelgraph/lib/python*/site-packages)
mount -t overlay overlay -o "ro,lowerdir=$packages:$PACKAGES" "$packages"

# none but our units, and what every system starts with
rm -f "$tree"/etc/systemd/system/*.wants/* "$tree"/etc/rc?.d/S*
for each in systemd-udevd systemd-timesyncd systemd-logind systemd-networkd systemd-resolved \
    getty@tty1 console-getty; do
    ln -sf /dev/null "$tree/etc/systemd/system/$each.service"
done
cp "$folder"/units/* "$tree/etc/systemd/system/"
ln -sf /lib/systemd/system/multi-user.target "$tree/etc/systemd/system/default.target"
: > "$tree/etc/machine-id"

cd "$tree"
mkdir -p oldroot
pivot_root . oldroot
umount -l /oldroot
exec env -i container=peelgraph PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --show-status=0 --log-target=journal < /dev/null
