using System.Text;
using System.Text.Json;
using Mayu.Client.Contracts;
using Mayu.InfoPusher.Facts;

namespace Mayu.InfoPusher.Tests.Facts;

public sealed class HostileFilesTests
{
    [Fact]
    public void Garbage_in_the_tables_is_cleaned_and_never_breaks_the_json()
    {
        using var host = new FakeHost()
            .File("sys/class/dmi/id/sys_vendor", [0x1b, (byte)'[', (byte)'2', (byte)'J', 0xff, 0xfe, (byte)'A', (byte)'\n'])
            .File("sys/class/dmi/id/product_name", [(byte)'B', 0, 0, 0])
            .File("sys/class/dmi/id/product_version", "\u202eevil\u0085")
            .File("sys/class/dmi/id/product_serial", "\"}\n{\"x\u0001")
            .Nic("eth0", "52:54:00:00:00:01", "virtio_net");

        var json = JsonSerializer.SerializeToUtf8Bytes(FactsCollector.Collect(host.Files), BootJsonContext.Default.FactsReport);
        var facts = JsonSerializer.Deserialize(json, BootJsonContext.Default.FactsReport)!;

        Assert.Equal("?[2J??A", facts.Dmi!.Vendor);
        Assert.Equal("B", facts.Dmi.Product);
        Assert.Equal("?evil", facts.Dmi.Version);
        Assert.Null(facts.Dmi.Serial);
    }

    // With a question mark in their place it would be another serial than the boot loader's, or another machine's.
    [Theory]
    [InlineData("414243", "ABC")]
    [InlineData("204142202043200a", "AB  C")]
    [InlineData("41424300ffff", "ABC")]
    [InlineData("ffffffff", null)]
    [InlineData("414201", null)]
    [InlineData("4142c3", null)]
    [InlineData("20", null)]
    public void A_serial_that_is_not_printable_text_is_not_said(string bytes, string? expected)
    {
        using var host = new FakeHost()
            .File("sys/class/dmi/id/product_serial", Convert.FromHexString(bytes))
            .File("sys/class/dmi/id/board_serial", Convert.FromHexString(bytes));

        var dmi = DmiReader.Read(host.Files);

        Assert.Equal((expected, expected), (dmi.Serial, dmi.BoardSerial));
    }

    [Fact]
    public void A_huge_attribute_is_cut()
    {
        using var host = new FakeHost().File("sys/class/dmi/id/product_name", new string('x', 1 << 20));

        Assert.Equal(CleanText.MaxLength, DmiReader.Read(host.Files).Product!.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("-5")]
    [InlineData("99999999999999999999")]
    public void A_size_that_is_none_is_zero(string size)
    {
        using var host = new FakeHost().File("sys/block/sda/size", size);

        Assert.Equal(0, Assert.Single(DiskReader.Read(host.Files)).SizeBytes);
    }

    [Fact]
    public void A_folder_where_a_file_should_be_is_passed_over()
    {
        using var host = new FakeHost().Folder("sys/class/dmi/id/product_serial").Folder("proc/cpuinfo").Folder("proc/meminfo");

        Assert.Null(FactsCollector.Collect(host.Files).Cpu);
    }

    [Fact]
    public void Interfaces_without_hardware_or_without_an_address_are_left_out()
    {
        using var host = new FakeHost()
            .File("sys/class/net/docker0/type", "1\n").File("sys/class/net/docker0/address", "02:42:00:00:00:01\n")
            .Nic("eth0", "00:00:00:00:00:00", "virtio_net")
            .Nic("eth1", "52-54", "virtio_net")
            .Nic("ib0", "52:54:00:00:00:01", "mlx5_core").File("sys/class/net/ib0/type", "32\n");

        Assert.Empty(NetDevReader.Read(host.Files));
    }

    [Fact]
    public void Without_a_boot_interface_a_network_card_with_link_comes_before_a_board_controllers_usb_network()
    {
        using var host = new FakeHost()
            .Nic("eth0", "52:54:00:00:00:01", "igb", link: false)
            .Nic("usb0", "52:54:00:00:00:02", "rndis_host", link: true)
            .Nic("zeth1", "52:54:00:00:00:03", "igb", link: true);

        Assert.Equal("zeth1", FactsCollector.Collect(host.Files).ConnectedNIC);
    }

    [Theory]
    [InlineData("BOOTIF=01-52-54-00-AA-BB-CC", "52:54:00:aa:bb:cc")]
    [InlineData("quiet BOOTIF=52:54:00:aa:bb:cc", "52:54:00:aa:bb:cc")]
    [InlineData("BOOTIF=01-52-54-00-aa-bb-c", null)]
    [InlineData("BOOTIF=", null)]
    [InlineData("XBOOTIF=01-52-54-00-aa-bb-cc", null)]
    [InlineData("", null)]
    public void The_boot_interface_is_read_from_the_kernel_command_line(string text, string? expected) =>
        Assert.Equal(expected, new KernelCommandLine(text).BootMacAddress);

    [Fact]
    public void A_value_is_cut_between_characters_and_never_within_one() =>
        Assert.Equal(new string('x', 255), CleanText.From(Encoding.UTF8.GetBytes(new string('x', 255) + "😀")));

    [Fact]
    public void Cores_that_the_kernel_does_not_tell_are_its_threads()
    {
        using var host = new FakeHost().File("proc/cpuinfo", "processor : 0\nBogoMIPS : 50.00\n\nprocessor : 1\n");

        var cpu = CpuReader.Read(host.Files)!;

        Assert.Equal((1, 2, 2, null), (cpu.Sockets, cpu.Cores, cpu.Threads, cpu.Model));
    }

    [Fact]
    public void Threads_of_one_core_count_once()
    {
        var text = string.Concat(Enumerable.Range(0, 8).Select(i => $"processor : {i}\nmodel name : X\nphysical id : {i / 4}\ncore id : {i % 2}\n\n"));
        using var host = new FakeHost().File("proc/cpuinfo", text);

        var cpu = CpuReader.Read(host.Files)!;

        Assert.Equal((2, 4, 8), (cpu.Sockets, cpu.Cores, cpu.Threads));
    }
}
