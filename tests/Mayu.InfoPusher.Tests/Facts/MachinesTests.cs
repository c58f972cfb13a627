using Mayu.InfoPusher.Facts;

namespace Mayu.InfoPusher.Tests.Facts;

/// <summary>Whole machines, as they were seen in racks.</summary>
public sealed class MachinesTests
{
    [Fact]
    public void A_qemu_machine_with_a_serial_is_described()
    {
        using var host = new FakeHost()
            .Dmi("QEMU", "Standard PC (Q35 + ICH9, 2009)", "VM-001", "4C4C4544-0000-2010-8020-80C04F202020")
            .Nic("eth0", "52:54:00:AA:00:01", "virtio_net", link: true, speed: -1)
            .File("sys/class/net/lo/type", "772\n").File("sys/class/net/lo/address", "00:00:00:00:00:00\n")
            .Disk("vda", 4194304).File("sys/block/vda/serial", "disk-1")
            .File("proc/cmdline", "console=ttyS0 BOOTIF=01-52-54-00-aa-00-01 initrd=initrd.cpio.gz\n")
            .File("proc/cpuinfo", "processor\t: 0\nmodel name\t: QEMU Virtual CPU version 2.5+\nphysical id\t: 0\ncore id\t\t: 0\n\nprocessor\t: 1\nmodel name\t: QEMU Virtual CPU version 2.5+\nphysical id\t: 1\ncore id\t\t: 0\n")
            .File("proc/meminfo", "MemTotal:        1014328 kB\nMemFree:          700000 kB\n");

        var facts = FactsCollector.Collect(host.Files);

        Assert.Equal(("", "VM-001"), (facts.Serial, facts.Dmi!.Serial));
        Assert.Equal("4c4c4544-0000-2010-8020-80c04f202020", facts.Uuid);
        Assert.Equal("eth0", facts.ConnectedNIC);
        var nic = Assert.Single(facts.NetDevs);
        Assert.Equal(("eth0", "52:54:00:aa:00:01", "virtio_net", null, true), (nic.Name, nic.MacAddress, nic.Driver, nic.SpeedMbps, nic.Link));
        var disk = Assert.Single(facts.Disks);
        Assert.Equal(("vda", 2L << 30, "disk-1"), (disk.Name, disk.SizeBytes, disk.Serial));
        Assert.Equal(("QEMU Virtual CPU version 2.5+", 2, 2, 2), (facts.Cpu!.Model, facts.Cpu.Sockets, facts.Cpu.Cores, facts.Cpu.Threads));
        Assert.Equal(1014328L * 1024, facts.MemoryBytes);
        Assert.Equal("bios", facts.Firmware);
        Assert.Null(facts.IPMIAddress);
    }

    [Fact]
    public void A_dell_with_bonded_cards_raid_and_uefi_is_described()
    {
        using var host = new FakeHost()
            .Dmi("Dell Inc.", "PowerEdge R640", "7XKQ2T2", "4c4c4544-0058-4b10-8051-b7c04f325432")
            .File("sys/class/dmi/id/board_serial", ".7XKQ2T2.CNIVC0087A0123.\n")
            .File("sys/class/dmi/id/chassis_asset_tag", "            \n")
            .Folder("sys/firmware/efi")
            .Nic("eno1", "e4:43:4b:00:00:01", "ixgbe", link: true, speed: 10000).File("sys/class/net/eno1/bonding_slave/perm_hwaddr", "e4:43:4b:00:00:01\n")
            .Nic("eno2", "e4:43:4b:00:00:01", "ixgbe", link: true, speed: 10000).File("sys/class/net/eno2/bonding_slave/perm_hwaddr", "e4:43:4b:00:00:02\n")
            .Nic("eno10", "e4:43:4b:00:00:0a", "igb", link: false)
            .Nic("idrac", "e4:43:4b:00:00:ff", "cdc_ether", link: true)
            .File("sys/class/net/bond0/type", "1\n").File("sys/class/net/bond0/address", "e4:43:4b:00:00:01\n")
            .Disk("sdb", 7814037168, "PERC H740P Mini", rotational: true)
            .Disk("sda", 468862128, "SSDSC2KG240G8R").File("sys/block/sda/device/wwid", "naa.55cd2e4150000001\n")
            .File("sys/block/sda/device/vpd_pg80", [0, 0x80, 0, 6, (byte)' ', (byte)'B', (byte)'T', (byte)'W', (byte)'L', (byte)'1'])
            .Disk("sr0", 2097151)
            .Disk("dm-0", 100)
            .File("proc/cmdline", "BOOTIF=01-e4-43-4b-00-00-02");

        var facts = FactsCollector.Collect(host.Files);

        Assert.Equal("serial=7XKQ2T2&uuid=4c4c4544-0058-4b10-8051-b7c04f325432&mac=e4%3A43%3A4b%3A00%3A00%3A02&board=.7XKQ2T2.CNIVC0087A0123.", FactsCollector.IdentityQuery(facts));
        Assert.Equal("uefi", facts.Firmware);
        Assert.Equal(["eno1", "eno2", "eno10", "idrac"], facts.NetDevs.Select(dev => dev.Name));
        Assert.Equal("e4:43:4b:00:00:02", facts.NetDevs[1].MacAddress);
        Assert.Equal("eno2", facts.ConnectedNIC);
        Assert.Equal(10000, facts.NetDevs[0].SpeedMbps);
        Assert.False(facts.NetDevs[2].Link);
        Assert.Equal(["sda", "sdb"], facts.Disks.Select(disk => disk.Name));
        Assert.Equal(("BTWL1", "naa.55cd2e4150000001", false), (facts.Disks[0].Serial, facts.Disks[0].Wwn, facts.Disks[0].Rotational));
        Assert.True(facts.Disks[1].Rotational);
        Assert.Null(facts.Dmi!.ChassisAssetTag);
        Assert.Equal(".7XKQ2T2.CNIVC0087A0123.", facts.Dmi.BoardSerial);
    }

    [Fact]
    public void A_supermicro_tells_its_placeholder_as_it_is()
    {
        using var host = new FakeHost()
            .Dmi("Supermicro", "SYS-1029P", "0123456789", "00000000-0000-0000-0000-AC1F6B000001")
            .Nic("eth0", "ac:1f:6b:00:00:01", "i40e", link: true, speed: 25000)
            .Disk("nvme0n1", 1953525168, "SAMSUNG MZQL2960HCJR-00A07                ").File("sys/block/nvme0n1/device/serial", "S64FNT0R000001      \n")
            .File("sys/block/nvme0n1/wwid", "eui.36344630\n")
            .Disk("nvme0c1n1", 1953525168).File("sys/block/nvme0c1n1/hidden", "1\n");

        var facts = FactsCollector.Collect(host.Files);

        Assert.Equal(("0123456789", "00000000-0000-0000-0000-ac1f6b000001"), (facts.Dmi!.Serial, facts.Uuid));
        Assert.Equal("eth0", facts.ConnectedNIC);
        var disk = Assert.Single(facts.Disks);
        Assert.Equal(("SAMSUNG MZQL2960HCJR-00A07", "S64FNT0R000001", "eui.36344630"), (disk.Model, disk.Serial, disk.Wwn));
    }

    [Fact]
    public void An_infiniband_card_is_told_with_its_twenty_octets()
    {
        const string Address = "80:00:02:08:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1";
        using var host = new FakeHost()
            .Nic("eth0", "52:54:00:00:00:01", "mlx5_core", link: true)
            .Folder("sys/class/net/ib0/device").File("sys/class/net/ib0/type", "32\n").File("sys/class/net/ib0/address", Address + "\n")
            .Folder("sys/class/net/ib1/device").File("sys/class/net/ib1/type", "32\n").File("sys/class/net/ib1/address", "52:54:00:00:00:02\n");

        Assert.Equal(["52:54:00:00:00:01", Address], FactsCollector.Collect(host.Files).NetDevs.Select(dev => dev.MacAddress));
    }

    [Fact]
    public void A_board_without_dmi_is_known_by_the_address_it_boots_from()
    {
        using var host = new FakeHost()
            .Nic("eth0", "dc:a6:32:00:00:01", "bcmgenet", link: true)
            .Nic("eth1", "dc:a6:32:00:00:02", "bcmgenet", link: true)
            .File("proc/cmdline", "BOOTIF=01-DC-A6-32-00-00-02");

        var facts = FactsCollector.Collect(host.Files);

        Assert.Equal("serial=&uuid=&mac=dc%3Aa6%3A32%3A00%3A00%3A02&board=", FactsCollector.IdentityQuery(facts));
        Assert.Equal("eth1", facts.ConnectedNIC);
    }

    [Fact]
    public void An_empty_root_gives_an_empty_report_and_no_error()
    {
        using var host = new FakeHost();

        var facts = FactsCollector.Collect(host.Files);

        Assert.Equal("", facts.Serial);
        Assert.Empty(facts.NetDevs);
        Assert.Empty(facts.Disks);
        Assert.Null(facts.Cpu);
        Assert.Null(facts.MemoryBytes);
        Assert.Null(facts.ConnectedNIC);
    }
}
