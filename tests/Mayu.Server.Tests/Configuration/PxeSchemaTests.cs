using Mayu.Netboot.Loaders;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;
using Mayu.Server.Configuration;

namespace Mayu.Server.Tests.Configuration;

public sealed class PxeSchemaTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void Without_the_section_everything_loads_ipxe_and_nobody_is_asked()
    {
        var settings = Bind("", out var problems);

        Assert.Empty(problems);
        Assert.Equal((BootLoader.Ipxe, null, 0, 0), (settings.Loader, settings.Menu, settings.Architectures.Length, settings.Quirks.Length));
    }

    [Fact]
    public void All_of_it_is_read()
    {
        var settings = Bind("""
            pxe:
              loader: grub
              menu: 10s
              architectures:
                - {architecture: uefi-x64, loader: shim}
                - {architecture: uefi-arm64-http, file: "https://boot.example/loader.efi"}
                - {architecture: 27, file: riscv.efi}
              quirks:
                - {oui: "B8:27:EB", architecture: bios, treat_as: uefi-arm64}
                - {vendor_class: "PXEClient:Arch:00007:UNDI:003016", omit_options: [43, 97], max_block_size: 1024}
                - {oui: 00-25-90, file: other.efi}
                - {vendor_class: "PXEClient:Arch:00000", boot_menu: "Raspberry Pi Boot", delay: 1500ms}
                - {oui: "02:00:00", delay: 10s}
            """, out var problems);

        Assert.Empty(problems);
        Assert.Equal((BootLoader.Grub, TimeSpan.FromSeconds(10)), (settings.Loader, settings.Menu));
        Assert.Equal(
            [
                new ArchitectureSetting(ClientArchitecture.UefiX64, BootLoader.Shim, null),
                new ArchitectureSetting(ClientArchitecture.UefiArm64Http, null, "https://boot.example/loader.efi"),
                new ArchitectureSetting((ClientArchitecture)27, null, "riscv.efi"),
            ],
            settings.Architectures);
        Assert.Equal((0xB827EBu, ClientArchitecture.BiosX86, ClientArchitecture.UefiArm64), (settings.Quirks[0].Oui, settings.Quirks[0].Architecture, settings.Quirks[0].Treat));
        Assert.Equal("PXEClient:Arch:00007:UNDI:003016"u8, settings.Quirks[1].VendorClass.AsSpan());
        Assert.Equal([DhcpOptionCode.VendorSpecific, DhcpOptionCode.ClientMachineIdentifier], settings.Quirks[1].OmittedOptions);
        Assert.Equal("Raspberry Pi Boot"u8, settings.Quirks[3].BootMenu.AsSpan());
        Assert.Equal([0, 0, 0, 1500, 10_000], settings.Quirks.Select(quirk => quirk.Delay.TotalMilliseconds));
        Assert.Equal((1024, 0x002590u, "other.efi"), (settings.Quirks[1].MaximumBlockSize, settings.Quirks[2].Oui, settings.Quirks[2].File));
    }

    [Theory]
    [InlineData("loader: lilo", "pxe.loader: \"lilo\" must be one of: ipxe, grub, pxelinux, shim")]
    [InlineData("menu: 0s", "pxe.menu: \"0s\" must be a time from 1s to 10m (a number with ms, s, m or h)")]
    [InlineData("architectures: [{architecture: vax, file: a}]", "must be an architecture (bios, uefi-ia32,")]
    [InlineData("architectures: [{architecture: uefi-x64}]", "it needs a `loader` or a `file`")]
    [InlineData("architectures: [{architecture: uefi-x64, loader: pxelinux}]", "this loader has no default file for uefi-x64; set its `file`")]
    [InlineData("architectures: [{architecture: uefi-x64, file: \"http://a/b.efi\"}]", "uefi-x64 firmware loads by TFTP and cannot use a URL; uefi-x64-http can")]
    [InlineData("architectures: [{architecture: bios, file: a}, {architecture: bios, file: b}]", "there are 2 entries for bios")]
    [InlineData("architectures: [{architecture: bios, file: ../../etc/shadow}]", "is not a boot file")]
    [InlineData("quirks: [{file: a}]", "it matches every client: set its `oui`, `vendor_class` or `architecture`")]
    [InlineData("quirks: [{oui: \"52:54:00\"}]", "it changes nothing: set its")]
    [InlineData("quirks: [{oui: \"52:54\", file: a}]", "\"52:54\" is not the beginning of a MAC (like 52:54:00)")]
    [InlineData("quirks: [{oui: \"52:54:00\", omit_options: [51]}]", "\"51\" must be one of the options 43, 60, 61, 66, 67, 97, 175, 209, 210")]
    [InlineData("quirks: [{oui: \"52:54:00\", max_block_size: 8}]", "\"8\" must be a number from 512 to 65464")]
    [InlineData("quirks: [{oui: \"52:54:00\", delay: 50ms}]", "\"50ms\" must be a time from 100ms to 10s (a number with ms, s, m or h)")]
    [InlineData("quirks: [{oui: \"52:54:00\", delay: 11s}]", "\"11s\" must be a time from 100ms to 10s")]
    [InlineData("quirks: [{oui: \"52:54:00\", delay: s}]", "\"s\" must be a time from 100ms to 10s")]
    [InlineData("quirks: [{oui: \"52:54:00\", delay: 1m}]", "\"1m\" must be a time from 100ms to 10s")]
    [InlineData("quirks: [{oui: \"52:54:00\", boot_menu: ä}]", "is not a valid menu text (1 to 64 printable ASCII characters)")]
    [InlineData("quirks: [{oui: \"52:54:00\", boot_menu: x, omit_options: [43]}]", "it is part of option 43, which `omit_options` removes")]
    [InlineData("quirks: [{ouy: \"52:54:00\", file: a}]", "there is no such key; did you mean \"oui\"?")]
    public void What_is_wrong_is_told(string section, string problem)
    {
        Bind($"pxe:\n  {section}\n", out var problems);

        Assert.Contains(problems, told => told.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void There_is_an_end_to_quirks()
    {
        Bind($"pxe: {{quirks: [{string.Join(", ", Enumerable.Repeat("{architecture: bios, file: a}", 65))}]}}", out var problems);

        Assert.Contains(problems, told => told.Contains("there are 65; at most 64 are allowed", StringComparison.Ordinal));
    }

    public void Dispose() => File.Delete(_file);

    private PxeSettings Bind(string text, out IReadOnlyList<string> problems)
    {
        File.WriteAllText(_file, text);
        var reader = ConfigurationReader.Open(_file, OutsideValues.None);
        var settings = PxeSchema.Bind(reader.Root.Section("pxe"));
        problems = [.. reader.Problems.Select(problem => problem.ToString())];
        return settings;
    }
}
