using System.Text.Json.Nodes;
using static Mayu.Core.Tests.Ignition.Config;

namespace Mayu.Core.Tests.Butane;

public class ButaneTests
{
    [Theory]
    [InlineData("fcos", "1.0.0", "3.0.0")]
    [InlineData("fcos", "1.1.0", "3.1.0")]
    [InlineData("fcos", "1.2.0", "3.2.0")]
    [InlineData("fcos", "1.3.0", "3.2.0")]
    [InlineData("fcos", "1.4.0", "3.3.0")]
    [InlineData("fcos", "1.5.0", "3.4.0")]
    [InlineData("fcos", "1.6.0", "3.5.0")]
    [InlineData("fcos", "1.7.0", "3.6.0")]
    [InlineData("flatcar", "1.0.0", "3.3.0")]
    [InlineData("flatcar", "1.1.0", "3.4.0")]
    public void A_version_of_Butane_stands_for_one_of_Ignition(string variant, string version, string spec) =>
        Assert.Equal($$$"""{"ignition":{"version":"{{{spec}}}"}}""", Rendered($"variant: {variant}\nversion: {version}\n").ToJsonString());

    [Theory]
    [InlineData("variant: r4e\nversion: 1.0.0", "1:10 variant: Mayu translates Butane's variants fcos and flatcar")]
    [InlineData("variant: fcos", "1:1 version: it is missing: write one of 1.0.0, 1.1.0")]
    [InlineData("variant: flatcar\nversion: 1.4.0", "2:10 version: Mayu does not know this version: write one of 1.0.0, 1.1.0")]
    [InlineData("variant: fcos\nversion: 1.8.0-experimental", "2:10 version: Mayu does not know this version")]
    [InlineData("variant: fcos\nversion: 1.4.0\nignition: {version: 3.3.0}", "3:12 ignition.version: this key is not Butane's")]
    [InlineData("variant: fcos\nversion: 1.4.0\nboot_device: {mirror: {devices: [/dev/a, /dev/b]}}", "3:1 boot_device: Mayu does not translate boot_device")]
    [InlineData("variant: fcos\nversion: 1.5.0\ngrub: {users: []}", "3:1 grub: Mayu does not translate grub")]
    [InlineData("variant: fcos\nversion: 1.4.0\nkernelArguments: {}", "kernelArguments: Butane spells this key \"kernel_arguments\"")]
    [InlineData("variant: fcos\nversion: 1.3.0\nkernel_arguments: {}", "this key came with version 1.4.0 of fcos (Ignition spec 3.3.0), and this config is 1.3.0")]
    [InlineData("variant: flatcar\nversion: 1.1.0\nstorage: {luks: [{name: a, device: /a, cex: {enabled: true}}]}", "cex: this key came with Ignition spec 3.5.0, and no version of flatcar that Mayu knows has it")]
    [InlineData("variant: flatcar\nversion: 1.1.0\nstorage: {luks: [{name: a, device: /a, clevis: {tpm2: true}}]}", "flatcar 1.1.0 has no clevis")]
    [InlineData("variant: fcos\nversion: 1.0.0\nstorage: {files: [{path: /a, contents: {local: b}}]}", "local: this key came with version 1.1.0 of fcos")]
    [InlineData("variant: fcos\nversion: 1.4.0\nsystemd: {units: [{name: a.service, contents_local: b}]}", "contents_local: this key came with version 1.5.0 of fcos")]
    [InlineData("variant: fcos\nversion: 1.7.0\nstorage: {files: [{path: /a, contents: {inline_butane: b}}]}", "only below ignition.config")]
    [InlineData("variant: fcos\nversion: 1.4.0\nstorage: {files: [{path: /a, contents: {inline: a, source: 'data:,b'}}]}", "there is a source already: write one of source, inline and local")]
    [InlineData("variant: fcos\nversion: 1.4.0\nstorage: {files: [{path: /a, mode: 644}]}", "this is a decimal number: write the mode in octal, with a zero before it (0644)")]
    [InlineData("variant: fcos\nversion: 1.4.0\nstorage: {files: [{path: /a, mode: '644'}]}", "with a zero before it: 0644")]
    [InlineData("variant: fcos\nversion: 1.4.0\nstorage: {files: [{path: a, contents: {inline: b}}]}", "3:26 storage.files[0].path: the path must be absolute")]
    [InlineData("variant: fcos\nversion: 1.4.0\nstorage: {filesystems: [{device: /a, format: ext4, with_mount_unit: true}]}", "with_mount_unit: a mount unit needs the path")]
    [InlineData("variant: fcos\nversion: 1.4.0\nstorage: {filesystems: [{device: /a, path: /b, format: none, with_mount_unit: true}]}", "with_mount_unit: with format: none there is no filesystem that a unit could mount")]
    [InlineData("variant: fcos\nversion: 1.4.0\nstorage: {filesystems: [{device: /a, path: /b, with_mount_unit: true}]}", "with_mount_unit: a mount unit needs the format")]
    [InlineData("variant: fcos\nversion: 1.3.0\nstorage: {filesystems: [{device: /a, format: swap, with_mount_unit: true}]}", "a unit for swap is made from version 1.4.0")]
    [InlineData("variant: fcos\nversion: 1.4.0\nstorage: {filesystems: [{device: /a, format: ext4, path: '/b\\', with_mount_unit: true}]}", "ends with a backslash")]
    [InlineData("variant: fcos\nversion: 1.4.0\nstorage: {files: [{path: /a, contents: {local: motd}}]}", "there is no folder of files to embed: set files_dir")]
    public void What_is_wrong_is_told_in_the_words_of_Butane(string config, string expected) => Assert.Contains(expected, Faults(config), StringComparison.Ordinal);

    [Fact]
    public void Modes_are_octal_however_they_are_written()
    {
        var files = Rendered("variant: fcos\nversion: 1.7.0\nstorage: {files: [{path: /a, mode: 0640}, {path: /b, mode: 0o640}, {path: /c, mode: \"0640\"}, {path: /d, mode: 416}, {path: /e, mode: 04755}]}");
        Assert.Equal([416, 416, 416, 416, 2541], files["storage"]!["files"]!.AsArray().Select(file => (int)file!["mode"]!));
    }

    [Theory]
    [InlineData(644)]
    [InlineData(755)]
    [InlineData(600)]
    [InlineData(700)]
    [InlineData(400)]
    [InlineData(440)]
    [InlineData(444)]
    [InlineData(555)]
    [InlineData(640)]
    public void A_mode_without_its_zero_is_found(int mode) => Assert.Contains(
        $"with a zero before it (0{mode})", Faults($"variant: fcos\nversion: 1.7.0\nstorage: {{files: [{{path: /a, mode: {mode}}}]}}"), StringComparison.Ordinal);

    [Fact]
    public void Contents_become_the_shortest_URL()
    {
        var config = Rendered(
            $"variant: fcos\nversion: 1.5.0\nstorage: {{files: [{{path: /a, contents: {{inline: \"a b\\n\"}}}}, {{path: /b, contents: {{inline: \"\\0\\0\\0\\0\\0\\0\\0\\0\\0\"}}}}, "
            + $"{{path: /c, contents: {{inline: \"{new string('x', 5000)}\"}}}}, {{path: /d, contents: {{local: packed.gz, compression: gzip}}}}, {{path: /e, contents: {{inline: ''}}}}]}}",
            files: new FakeFiles().With("packed.gz", new byte[] { 0x1f, 0x8b, 8, 0 }));
        var contents = config["storage"]!["files"]!.AsArray().Select(file => file!["contents"]!).ToList();
        Assert.Equal("""{"source":"data:,a%20b%0A","compression":""}""", contents[0].ToJsonString());
        Assert.Equal("""{"source":"data:;base64,AAAAAAAAAAAA","compression":""}""", contents[1].ToJsonString());
        Assert.Equal("gzip", (string?)contents[2]["compression"]);
        Assert.True(((string)contents[2]["source"]!).Length < 200);
        Assert.Equal("""{"source":"data:,%1F%8B%08%00","compression":"gzip"}""", contents[3].ToJsonString());
        Assert.Equal("""{"source":"data:,","compression":""}""", contents[4].ToJsonString());
    }

    [Fact]
    public void Nothing_is_compressed_for_an_Ignition_that_would_not_decompress_it()
    {
        var config = $"variant: fcos\nversion: 1.4.0\nstorage: {{files: [{{path: /c, mode: 0644, contents: {{inline: \"{new string('x', 5000)}\"}}}}]}}";
        Assert.StartsWith("data:,xxx", (string?)Rendered(config, "3.0.0")["storage"]!["files"]![0]!["contents"]!["source"], StringComparison.Ordinal);
        Assert.StartsWith("data:,xxx", (string?)Rendered(config, "2.3.0")["storage"]!["files"]![0]!["contents"]!["source"], StringComparison.Ordinal);
    }

    [Fact]
    public void Units_and_keys_are_read_from_files()
    {
        const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
        var config = Rendered(
            "variant: flatcar\nversion: 1.1.0\nsystemd: {units: [{name: a.service, contents_local: a.service, dropins: [{name: b.conf, contents_local: b.conf}]}]}\n"
            + $"passwd: {{users: [{{name: core, ssh_authorized_keys: [\"{Key} one\"], ssh_authorized_keys_local: [keys]}}]}}",
            files: new FakeFiles().With("a.service", "[A]\nb=c\n").With("b.conf", "[D]\ne=f\n").With("keys", $"{Key} two\r\n\n{Key} three\n"));
        Assert.Equal("""[{"name":"a.service","contents":"[A]\nb=c\n","dropins":[{"name":"b.conf","contents":"[D]\ne=f\n"}]}]""", config["systemd"]!["units"]!.ToJsonString());
        Assert.Equal([$"{Key} one", $"{Key} two", $"{Key} three"], config["passwd"]!["users"]![0]!["sshAuthorizedKeys"]!.AsArray().Select(key => (string)key!));
    }

    [Fact]
    public void A_file_that_is_no_text_is_no_unit() => Assert.Contains(
        "contents_local: the file is not UTF-8",
        Faults("variant: fcos\nversion: 1.5.0\nsystemd: {units: [{name: a.service, contents_local: a}]}", files: new FakeFiles().With("a", [0xff])), StringComparison.Ordinal);

    [Fact]
    public void A_tree_becomes_files_and_links_and_entries_say_owner_and_mode()
    {
        var files = new FakeFiles().With("site/etc/motd", "hi").With("site/usr/bin/x", "#!", executable: true).WithLink("site/etc/localtime", "../usr/share/zoneinfo/UTC").With("other", "no");
        var config = Rendered(
            "variant: fcos\nversion: 1.4.0\nstorage:\n  trees: [{local: site}, {local: site/etc, path: /opt/etc/}]\n  files: [{path: /etc/motd, mode: 0600, user: {name: core}}]", files: files);
        Assert.Equal(
            """
            [{"path":"/etc/motd","contents":{"source":"data:,hi","compression":""},"mode":384,"user":{"name":"core"}},{"path":"/usr/bin/x","contents":{"source":"data:,%23!","compression":""},"mode":493},{"path":"/opt/etc/motd","contents":{"source":"data:,hi","compression":""},"mode":420}]
            """, config["storage"]!["files"]!.ToJsonString());
        Assert.Equal(
            """[{"path":"/etc/localtime","target":"../usr/share/zoneinfo/UTC"},{"path":"/opt/etc/localtime","target":"../usr/share/zoneinfo/UTC"}]""",
            config["storage"]!["links"]!.ToJsonString());

        Assert.Contains("the config has something for that path already", Faults(
            "variant: fcos\nversion: 1.4.0\nstorage: {trees: [{local: site}], files: [{path: /etc/motd, contents: {inline: x}}]}", files: files), StringComparison.Ordinal);
        Assert.Contains("the config has something for that path already", Faults(
            "variant: fcos\nversion: 1.4.0\nstorage: {trees: [{local: site}], links: [{path: /etc/motd, target: x}]}", files: files), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_a_tree_that_cannot_be_read_is_named() => Assert.Contains(
        "storage.trees[0].local: sub/p: there is no such file",
        Faults("variant: fcos\nversion: 1.4.0\nstorage: {trees: [{local: site}]}", files: new FakeFiles().With("site/a", "x").WithUnreadable("site/sub/p")), StringComparison.Ordinal);

    [Fact]
    public void What_is_embedded_is_bounded()
    {
        var files = new FakeFiles().With("big", new byte[5 * 1024 * 1024]);
        Assert.Contains("a config embeds at most 8388608 bytes", Faults(
            "variant: fcos\nversion: 1.4.0\nstorage: {files: [{path: /a, contents: {local: big}}, {path: /b, contents: {local: big}}]}", files: files), StringComparison.Ordinal);
        for (var i = 0; i < 1001; i++)
        {
            files.With($"many/{i}", "x");
        }

        Assert.Contains("at most 1000 files", Faults("variant: fcos\nversion: 1.4.0\nstorage: {trees: [{local: many}]}", files: files), StringComparison.Ordinal);
    }

    [Fact]
    public void A_filesystem_gets_its_mount_unit()
    {
        var units = Rendered("""
            variant: fcos
            version: 1.4.0
            storage:
              luks: [{name: se-cret, device: /dev/vdb, clevis: {tang: [{url: "http://t", thumbprint: x}]}}]
              filesystems:
                - {device: /dev/mapper/se-cret, format: xfs, path: "/srv/my data", mount_options: [noatime, nodev], with_mount_unit: true}
                - {device: /dev/vdc, format: swap, with_mount_unit: true}
                - {device: /dev/vdd, format: ext4, path: /var, with_mount_unit: true}
            systemd: {units: [{name: var.mount, enabled: false}]}
            """)["systemd"]!["units"]!.AsArray();

        Assert.Equal([@"srv-my\x20data.mount", "dev-vdc.swap", "var.mount"], units.Select(unit => (string)unit!["name"]!));
        Assert.Equal([true, true, false], units.Select(unit => (bool)unit!["enabled"]!));
        Assert.Equal("""
            # Made by Mayu of with_mount_unit
            [Unit]
            Requires=systemd-fsck@dev-mapper-se\x2dcret.service
            After=systemd-fsck@dev-mapper-se\x2dcret.service

            [Mount]
            Where=/srv/my data
            What=/dev/mapper/se-cret
            Type=xfs
            Options=noatime,nodev,_netdev

            [Install]
            RequiredBy=remote-fs.target

            """, Contents(units[0]));
        Assert.Equal("# Made by Mayu of with_mount_unit\n[Swap]\nWhat=/dev/vdc\n\n[Install]\nRequiredBy=swap.target\n", Contents(units[1]));
        Assert.EndsWith("RequiredBy=local-fs.target\n", Contents(units[2]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_config_of_Butane_in_another_one_is_translated_too()
    {
        var config = Rendered("variant: fcos\nversion: 1.7.0\nignition: {config: {merge: [{inline_butane: \"variant: fcos\\nversion: 1.4.0\\n\"}]}}", "3.2.0");
        Assert.Equal("data:;base64," + Convert.ToBase64String("""{"ignition":{"version":"3.2.0"}}"""u8), (string?)config["ignition"]!["config"]!["merge"]![0]!["source"]);
    }

    private static string Contents(JsonNode? unit) => (string)unit!["contents"]!;
}
