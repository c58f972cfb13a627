using Mayu.Core.Ignition;
using Mayu.Core.Ignition.Output;
using static Mayu.Core.Tests.Ignition.Config;

namespace Mayu.Core.Tests.Ignition;

/// <summary>Keys and kinds of values.</summary>
public class ReadingTests
{
    [Theory]
    [InlineData("sizes: 1", "2:1 Ignition has no such key here")]
    [InlineData("storge: {}", "2:1 storge: Ignition has no such key here; did you mean \"storage\"?")]
    [InlineData("storage: {files: [{path: /a, contents: {inline: x}}]}", "2:41 storage.files[0].contents.inline: this key is Butane's: write the config in Butane (variant and version at its top), or this without the key")]
    [InlineData("storage: {trees: []}", "2:11 storage.trees: this key is Butane's")]
    [InlineData("passwd: {users: [{name: a, ssh_authorized_keys: []}]}", "2:28 passwd.users[0].ssh_authorized_keys: Ignition spells this key \"sshAuthorizedKeys\"")]
    [InlineData("storage: {luks: [{name: a, device: /a, discard: true}]}", "2:40 storage.luks[0].discard: this key came with Ignition spec 3.4.0, and this config is 3.3.0")]
    [InlineData("storage: {luks: [{name: a, device: /a, cex: {enabled: true}}]}", "came with Ignition spec 3.5.0")]
    [InlineData("storage: {files: [{path: /a, overwrite: \"true\"}]}", "2:41 storage.files[0].overwrite: it must be true or false")]
    [InlineData("storage: {files: [{path: /a, mode: \"0644\"}]}", "storage.files[0].mode: it is in quotes: write it without them, 0644, or in JSON, which has no octal numbers, the same in decimal, 420")]
    [InlineData("storage: {files: [{path: /a, mode: \"rw\"}]}", "storage.files[0].mode: it must be the mode in octal, with a zero before it: 0644")]
    [InlineData("storage: {files: [&a {path: /a}, {<<: *a, path: /b}]}", "2:35 storage.files[1].<<: `<<` merges maps in YAML 1.1 only: write the keys out")]
    [InlineData("storage: {files: [{path: /a, contents: {source: data:;base64,YQ==}}]}", "2:62 storage.files[0].contents: Ignition has no such key here: in { } a comma ends the value before it, so write that one on a line of its own, or in quotes")]
    [InlineData("storage: {files: {path: /a}}", "2:18 storage.files: it must be a list")]
    [InlineData("storage: {files: [/a]}", "2:19 storage.files[0]: this item must be a map of keys")]
    [InlineData("storage: {raid: [{name: a, level: raid1, devices: [[]]}]}", "2:52 storage.raid[0].devices[0]: this item must be a string")]
    [InlineData("storage: {raid: [{name: a, level: raid1, devices: [~]}]}", "storage.raid[0].devices[0]: this item must be a string")]
    [InlineData("storage: x", "2:10 storage: it must be a map of keys")]
    [InlineData("passwd: {groups: [{name: a, gid: -1}]}", "2:34 passwd.groups[0].gid: it must be a whole number, 0 or more")]
    [InlineData("passwd: {groups: [{name: a, gid: 9999999999}]}", "this number is too large")]
    [InlineData("passwd: {groups: [{name: 12}]}", "passwd.groups[0].name: it must be a string: write it in quotes")]
    [InlineData("passwd: {groups: [{name: yes}]}", "`yes` is true in YAML 1.1")]
    [InlineData("passwd: {groups: [{name: a, gid: 010}]}", "begins with 0 is octal")]
    [InlineData("storage: {files: [{path: \"/a\\nb\"}]}", "it has a control character or a second line")]
    [InlineData("storage: {files: [{path: \"/\\ud800\"}]}", "2:26 it is not valid YAML")]
    public void A_key_or_a_value_that_is_none_is_named_with_its_place(string rest, string expected) => Assert.Contains(expected, Faults(Raw("3.3.0", rest)), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://", "it has no host between // and /")]
    [InlineData("http:///x", "it has no host between // and /: write http://HOST/PATH; a variable that it is made of may be empty")]
    [InlineData("http://:80/x", "it has no host")]
    [InlineData("http://user@/x", "it has no host")]
    [InlineData("http://[]/x", "it has no host")]
    [InlineData("http://?a", "it has no host")]
    [InlineData("https:h/x", "it has no host: write https://HOST/PATH")]
    [InlineData("s3://", "it has no host")]
    [InlineData("s3:b/c", "it has no host")]
    [InlineData("gs:///a", "it has no host")]
    [InlineData("tftp://h:0/x", "its port must be a number from 1 to 65535")]
    [InlineData("http://h:99999/x", "its port must be a number from 1 to 65535")]
    [InlineData("http://h:65536", "its port must be a number from 1 to 65535")]
    [InlineData("http://[::1]:0/", "its port must be a number from 1 to 65535")]
    [InlineData("http://h:a/x", "its port must be a number from 1 to 65535")]
    [InlineData("http://[::1/x", "it is not a valid URL (RFC 3986): its host")]
    [InlineData("http://[::1]80/x", "it is not a valid URL (RFC 3986): its host")]
    public void A_url_that_no_machine_can_fetch_is_refused(string url, string expected)
    {
        Assert.Contains($"contents.source: {expected}", Faults(Raw("3.3.0", $"storage: {{files: [{{path: /a, contents: {{source: '{url}'}}}}]}}")), StringComparison.Ordinal);
        if (url.StartsWith("http", StringComparison.Ordinal))
        {
            Assert.Contains($"proxy.httpProxy: {expected}", Faults($"ignition: {{version: 3.3.0, proxy: {{httpProxy: '{url}'}}}}"), StringComparison.Ordinal);
            Assert.Contains($"tang[0].url: {expected}", Faults(Raw("3.3.0", $"storage: {{luks: [{{name: a, device: /a, clevis: {{tang: [{{url: '{url}', thumbprint: x}}]}}}}]}}")), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("3.3.0", "http://h")]
    [InlineData("3.3.0", "HTTP://h:65535?a")]
    [InlineData("3.3.0", "http://h:/x")]
    [InlineData("3.3.0", "http://u:p@[fe80::1]:1/x")]
    [InlineData("3.3.0", "tftp://10.0.0.1/a:b")]
    [InlineData("3.4.0", "arn:aws:s3:::bucket/key")]
    [InlineData("2.3.0", "oem:///motd")]
    public void A_url_that_a_machine_can_fetch_is_taken(string version, string url) =>
        Assert.NotNull(Rendered(Raw(version, $"storage: {{files: [{{path: /a, {(version[0] == '2' ? "filesystem: root, " : "")}contents: {{source: '{url}'}}}}]}}")));

    [Fact]
    public void A_wrong_value_is_told_once_and_not_as_missing_too() => Assert.Equal(
        "2:26 storage.files[0].path: it must be a string: write it in quotes", Faults(Raw("3.3.0", "storage: {files: [{path: 12}]}")));

    [Fact]
    public void All_faults_of_a_config_are_told_in_their_order_up_to_a_bound()
    {
        Assert.Equal(
            "2:26 storage.files[0].path: the path must be absolute: begin it with /\n"
            + "2:30 storage.files[1].path: it is missing: write the absolute path\n"
            + "3:1 Ignition has no such key here",
            Faults(Raw("3.3.0", "storage: {files: [{path: a}, {mode: 0644}]}\nx: 1")));

        var many = Assert.Throws<IgnitionFaultsException>(() => IgnitionConfig.Render(Raw("3.3.0", string.Concat(Enumerable.Range(0, 1000).Select(i => $"x{i}: 1\n")))));
        Assert.Equal(IgnitionFaultsException.Most, many.Faults.Count);
        Assert.EndsWith("; only the first 20 faults are told", many.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_fault_tells_a_value()
    {
        foreach (var rest in new[]
        {
            "passwd: {users: [{name: hunter2!, passwordHash: hunter2, sshAuthorizedKeys: [hunter2], homeDir: hunter2, groups: [hunter2, hunter2]}]}",
            "storage: {files: [{path: hunter2, contents: {source: hunter2, verification: {hash: hunter2}, compression: hunter2}}, {path: hunter2}]}",
            "storage: {luks: [{name: /hunter2, device: hunter2, keyFile: {source: \"data:hunter2\"}, clevis: {custom: {pin: hunter2}}}]}",
            "systemd: {units: [{name: hunter2, contents: hunter2, dropins: [{name: hunter2, contents: hunter2}]}]}",
            "storage: {disks: [{device: hunter2, partitions: [{label: \"hunter2:\", guid: hunter2}, {label: \"hunter2:\"}]}], raid: [{name: a, level: hunter2, devices: [hunter2]}]}",
            "storage: {filesystems: [{device: hunter2, format: hunter2}, {device: hunter2}], links: [{path: /a, target: hunter2}, {path: /a/hunter2, target: b}]}",
            "kernelArguments: {shouldExist: [hunter2], shouldNotExist: [hunter2]}",
            "storage: {files: [{path: /a, contents: {source: data:;base64,hunter2}}]}", // a comma that begins another key
        })
        {
            var faults = Faults(Raw("3.3.0", rest));
            Assert.DoesNotContain("hunter2", faults, StringComparison.Ordinal);
        }
    }

    // JSON is YAML 1.2, with its escapes and with tabs between its values.
    [Fact]
    public void JSON_as_it_is_written_elsewhere_is_read()
    {
        var config = Rendered("{\n\t\"ignition\": {\"version\": \"3.3.0\"},\n\t\"storage\": {\n\t\t\"files\": [{\"path\": \"\\/a\",\t\"contents\": {\"source\": \"data:,a\\u002fb\"}}],\n"
            + "\t\t\"links\": [{\"path\": \"/l\", \"target\": \"\\ud83d\\ude00\"}]\n\t}\n}\n");
        Assert.Equal("/a", (string?)config["storage"]!["files"]![0]!["path"]);
        Assert.Equal("data:,a/b", (string?)config["storage"]!["files"]![0]!["contents"]!["source"]);
        Assert.Equal("\ud83d\ude00", (string?)config["storage"]!["links"]![0]!["target"]);
    }

    [Fact]
    public void The_output_is_compact_and_its_keys_have_one_order()
    {
        const string Expected = """{"ignition":{"version":"3.3.0"},"storage":{"files":[{"path":"/a","overwrite":true,"contents":{"source":"data:;base64,YQ+/"},"mode":420}]},"systemd":{"units":[]}}""";
        Assert.Equal(Expected, IgnitionConfig.Render(Raw("3.3.0", "systemd: {units: []}\npasswd:\nstorage: {files: [{mode: 0644, contents: {source: 'data:;base64,YQ+/'}, overwrite: true, path: /a}]}")));
        Assert.Equal(Expected, IgnitionConfig.Render(Expected));
    }
}
