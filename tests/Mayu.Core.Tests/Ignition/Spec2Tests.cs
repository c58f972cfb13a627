using Mayu.Core.Ignition;
using Mayu.Core.Ignition.Output;
using static Mayu.Core.Tests.Ignition.Config;

namespace Mayu.Core.Tests.Ignition;

/// <summary>Specifications 2.2 and 2.3, written from them: no program that is packaged reads these.</summary>
public class Spec2Tests
{
    [Fact]
    public void A_config_of_spec_2_is_taken_as_it_is()
    {
        const string Config = """
            {"ignition":{"version":"2.2.0","config":{"append":[{"source":"http://a/b"}]},"timeouts":{"httpTotal":10}},"storage":{"disks":[{"device":"/dev/sda","partitions":[{"label":"a","number":1,"size":2048,"start":2048}]}],"filesystems":[{"name":"data","mount":{"device":"/dev/sda1","format":"ext4","wipeFilesystem":true}},{"name":"oem","path":"/usr/share/oem"}],"files":[{"filesystem":"root","path":"/etc/motd","contents":{"source":"oem:///motd"},"mode":420},{"filesystem":"root","path":"/etc/motd","append":true,"contents":{"source":"data:,b"},"mode":420},{"filesystem":"data","path":"/x","mode":420}]},"systemd":{"units":[{"name":"a.service","enabled":true,"contents":"[Install]\nWantedBy=a.target"}]},"networkd":{"units":[{"name":"00-eth.network","contents":"[Match]\nName=eth0"}]},"passwd":{"users":[{"name":"core","groups":["wheel"]}]}}
            """;
        Assert.Equal(Config, IgnitionConfig.Render(Config));
        Assert.Equal(Config, IgnitionConfig.Render(Config, new IgnitionSpec(2, 3)));
        // 2.3 says the same but for partitions.
        Assert.Equal(Config, IgnitionConfig.Render(Config.Replace("2.2.0", "2.3.0", StringComparison.Ordinal), new IgnitionSpec(2, 2)));
    }

    [Theory]
    [InlineData("2.2.0", "storage: {disks: [{device: /dev/a, partitions: [{number: 1, sizeMiB: 1}]}]}", "sizeMiB: this key came with Ignition spec 2.3.0, and this config is 2.2.0")]
    [InlineData("2.3.0", "storage: {files: [{path: /a, mode: 0644}]}", "filesystem: it is missing")]
    [InlineData("2.3.0", "storage: {files: [{filesystem: data, path: /a, mode: 0644}]}", "no filesystem of this config has this name")]
    [InlineData("2.3.0", "storage: {files: [{filesystem: root, path: a, mode: 0644}]}", "the path must be absolute")]
    [InlineData("2.3.0", "storage: {files: [{filesystem: root, path: /a, contents: {source: 'data:,x', compression: gzip}}]}", "do not decompress a data URL")]
    [InlineData("2.3.0", "storage: {files: [{filesystem: root, path: /a, contents: {source: 'gs://a/b'}}]}", "of one of these schemes: http, https, tftp, s3, oem, data")]
    [InlineData("2.3.0", "storage: {files: [{filesystem: root, path: /a, append: true, overwrite: true}]}", "overwritten or appended to, not both")]
    [InlineData("2.3.0", "storage: {files: [{filesystem: root, path: /a, contents: {source: 'http://a', verification: {hash: sha256-00}}}]}", "it must be sha512- and")]
    [InlineData("2.3.0", "storage: {filesystems: [{name: a, mount: {device: /dev/a}}]}", "mount.format: it is missing")]
    [InlineData("2.3.0", "storage: {filesystems: [{name: a}]}", "either mount or path")]
    [InlineData("2.3.0", "storage: {disks: [{device: /dev/a, partitions: [{number: 1, start: 2048, size: 4096}, {number: 2, start: 4096, size: 1}]}]}", "overlaps with the one on line 2")]
    [InlineData("2.3.0", "kernelArguments: {}", "Ignition has no such key here")]
    [InlineData("2.3.0", "networkd: {units: [{name: a.service}]}", "with .network, .netdev or .link at its end")]
    public void What_is_wrong_in_spec_2_is_told(string version, string rest, string expected) => Assert.Contains(expected, Faults(Raw(version, rest)), StringComparison.Ordinal);

    [Fact]
    public void A_config_of_spec_3_becomes_one_of_spec_2()
    {
        var config = Rendered("""
            ignition: {version: 3.3.0, timeouts: {httpTotal: 60}, config: {replace: {source: 'http://a/b'} } }
            storage:
              disks: [{device: /dev/sda, wipeTable: true, partitions: [{label: VAR, number: 1, sizeMiB: 100, startMiB: 1, resize: false}]}]
              filesystems:
                - {path: /var, device: /dev/disk/by-partlabel/VAR, format: xfs, wipeFilesystem: true, label: VAR, options: [-K]}
                - {device: /dev/sdb, format: swap}
              files:
                - {path: /etc/motd, contents: {source: 'data:,a', compression: ''}, append: [{source: 'data:,b'}, {source: 'data:,c'}], user: {name: core}}
                - {path: /var/lib/x, mode: 0600, overwrite: true, contents: {source: 'http://x/y'}}
              directories: [{path: /var, mode: 0755}, {path: /variable, mode: 0700}]
              links: [{path: /var/link, target: /etc}]
            systemd: {units: [{name: a.service, mask: true}]}
            passwd: {users: [{name: core, groups: [wheel], shouldExist: true}]}
            """, "2.3.0");
        Assert.Equal(
            """
            {"ignition":{"version":"2.3.0","config":{"replace":{"source":"http://a/b"}},"timeouts":{"httpTotal":60}},"storage":{"disks":[{"device":"/dev/sda","wipeTable":true,"partitions":[{"label":"VAR","number":1,"sizeMiB":100,"startMiB":1}]}],"filesystems":[{"name":"/var","mount":{"device":"/dev/disk/by-partlabel/VAR","format":"xfs","wipeFilesystem":true,"label":"VAR","options":["-K"]}},{"name":"/dev/sdb","mount":{"device":"/dev/sdb","format":"swap"}}],"files":[{"filesystem":"root","path":"/etc/motd","overwrite":false,"contents":{"source":"data:,a","compression":""},"mode":420,"user":{"name":"core"}},{"filesystem":"root","path":"/etc/motd","append":true,"contents":{"source":"data:,b"},"user":{"name":"core"}},{"filesystem":"root","path":"/etc/motd","append":true,"contents":{"source":"data:,c"},"user":{"name":"core"}},{"filesystem":"/var","path":"/lib/x","overwrite":true,"contents":{"source":"http://x/y"},"mode":384}],"directories":[{"filesystem":"/var","path":"/","mode":493},{"filesystem":"root","path":"/variable","mode":448}],"links":[{"filesystem":"/var","path":"/link","target":"/etc"}]},"systemd":{"units":[{"name":"a.service","mask":true}]},"passwd":{"users":[{"name":"core","groups":["wheel"]}]}}
            """,
            config.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Theory]
    [InlineData("2.3.0", "storage: {files: [{path: /a}]}", "2:19 storage.files[0]: the machine's Ignition reads spec 2.3.0, and this config has a file without contents")]
    [InlineData("2.3.0", "storage: {files: [{path: /a, append: [{source: 'data:,b'}]}]}", "write the mode")]
    [InlineData("2.3.0", "storage: {directories: [{path: /a}]}", "write the mode")]
    [InlineData("2.3.0", "storage: {filesystems: [{device: /dev/a}]}", "without a format")]
    [InlineData("2.3.0", "storage: {filesystems: [{device: /dev/a, format: ext4, path: /a}, {device: /dev/b, format: ext4, path: /a}]}", "two filesystems with one path")]
    [InlineData("2.3.0", "storage: {filesystems: [{device: /dev/a, format: ext4, path: /a}], files: [{path: /a/f, contents: {source: ''}}], links: [{path: /a/b, target: /a/f, hard: true}]}", "hard link on a filesystem of its own")]
    [InlineData("2.3.0", "storage: {filesystems: [{device: /dev/a, format: ext4, path: /a, mountOptions: [noatime]}]}", "mountOptions: the machine's Ignition reads spec 2.3.0, and this came with spec 3.1.0")]
    [InlineData("2.2.0", "storage: {disks: [{device: /dev/a, partitions: [{number: 1, sizeMiB: 1}]}]}", "sizeMiB: the machine's Ignition reads spec 2.2.0, and this config has a key of a partition that came with spec 2.3.0")]
    [InlineData("2.3.0", "systemd: {units: [{name: a.service, mask: false}]}", "unmasks a unit")]
    [InlineData("2.3.0", "storage: {luks: [{name: a, device: /a}]}", "storage.luks: the machine's Ignition reads spec 2.3.0, and this came with spec 3.2.0")]
    [InlineData("2.3.0", "storage: {files: [{path: /a, contents: {source: 'http://b', httpHeaders: [{name: a, value: b}]}}]}", "httpHeaders: the machine's Ignition reads spec 2.3.0, and this came with spec 3.1.0")]
    [InlineData("2.3.0", "storage: {files: [{path: /a, contents: {source: 'data:;base64,H4sIAAAAAAAAA0sEAEO+t+gBAAAA', compression: gzip}}]}", "do not decompress a data URL")]
    public void What_spec_2_cannot_say_is_named_with_its_line(string target, string rest, string expected) =>
        Assert.Contains(expected, Faults(Raw("3.3.0", rest), target), StringComparison.Ordinal);

    [Fact]
    public void Configs_are_merged_by_spec_3_alone() => Assert.Contains(
        "merges configs, which spec 2 cannot do", Faults("ignition: {version: 3.3.0, config: {merge: [{source: 'http://a'}]}}", "2.3.0"), StringComparison.Ordinal);

    [Fact]
    public void A_config_of_spec_2_is_none_for_a_machine_of_spec_3() => Assert.Contains(
        "1:1 this config is of spec 2.3.0, and the machine's Ignition reads spec 3", Faults(Raw("2.3.0", ""), "3.3.0"), StringComparison.Ordinal);

    [Fact]
    public void A_machine_with_an_older_Ignition_than_can_be_served_gets_no_config() => Assert.Contains(
        "reads spec 2.1.0 at most, and Mayu writes 2.2.0, 2.3.0 and 3.0.0 to 3.6.0",
        Assert.Throws<IgnitionFaultsException>(() => IgnitionConfig.Render(Raw("3.3.0", ""), new IgnitionSpec(2, 1))).Message, StringComparison.Ordinal);
}
