using static Mayu.Core.Tests.Ignition.Config;

namespace Mayu.Core.Tests.Ignition;

/// <summary>What came with the specifications 3.4 to 3.6, written from them: no program that is packaged reads these.</summary>
public class LaterSpecsTests
{
    private const string Luks = "storage: {luks: [{name: a, device: /dev/a, ";

    [Theory]
    [InlineData("3.4.0", Luks + "discard: true, openOptions: [--perf-no_read_workqueue, x, x]}]}")]
    [InlineData("3.4.0", Luks + "clevis: {tang: [{url: 'http://t', thumbprint: x, advertisement: '{\"payload\": \"\"}'}]}}]}")]
    [InlineData("3.4.0", "storage: {files: [{path: /a, contents: {source: 'arn:aws:s3:us-west-1:123456789012:accesspoint/test/object/some/path'}}]}")]
    [InlineData("3.4.0", "storage: {files: [{path: /a, contents: {source: 'arn:aws:s3:::bucket/key?versionId=x'}}]}")]
    [InlineData("3.5.0", Luks + "cex: {enabled: true}}]}")]
    [InlineData("3.5.0", Luks + "cex: {enabled: false}, clevis: {tpm2: true}}]}")]
    [InlineData("3.6.0", "storage: {files: [{path: /a, mode: 04755}], directories: [{path: /b, mode: 01777}]}")]
    [InlineData("3.6.0", "storage: {directories: [{path: /b, mode: 07777}]}")]
    [InlineData("3.6.0", Luks + "clevis: {custom: {pin: trustee, config: '{}'}}}]}")]
    public void What_a_specification_brought_is_taken(string version, string rest) =>
        Assert.Equal(version, (string?)Rendered(Raw(version, rest))["ignition"]!["version"]);

    [Theory]
    [InlineData("3.3.0", Luks + "discard: true}]}", "storage.luks[0].discard: this key came with Ignition spec 3.4.0")]
    [InlineData("3.3.0", Luks + "openOptions: []}]}", "storage.luks[0].openOptions: this key came with Ignition spec 3.4.0")]
    [InlineData("3.3.0", Luks + "clevis: {tang: [{url: 'http://t', thumbprint: x, advertisement: '{}'}]}}]}", "advertisement: this key came with Ignition spec 3.4.0")]
    [InlineData("3.4.0", Luks + "clevis: {tang: [{url: 'http://t', thumbprint: x, advertisement: 'x'}]}}]}", "advertisement: it must be the JSON")]
    [InlineData("3.3.0", "storage: {files: [{path: /a, contents: {source: 'arn:aws:s3:::b/k'}}]}", "URLs with arn: came with Ignition spec 3.4.0, and this is 3.3.0")]
    [InlineData("3.4.0", "storage: {files: [{path: /a, contents: {source: 'arn:aws:ec2:::b/k'}}]}", "the ARN of an object in S3")]
    [InlineData("3.4.0", "storage: {files: [{path: /a, contents: {source: 'arn:aws:s3:::b'}}]}", "the ARN of an object in S3")]
    [InlineData("3.4.0", "storage: {files: [{path: /a, contents: {source: 'arn:aws:s3:r:1:accesspoint/x'}}]}", "the ARN of an object in S3")]
    [InlineData("3.4.0", "storage: {files: [{path: /a, contents: {source: 'arn:aws:s3:::b/k?versionId='}}]}", "versionId= names no version")]
    [InlineData("3.4.0", Luks + "cex: {enabled: true}}]}", "cex: this key came with Ignition spec 3.5.0")]
    [InlineData("3.5.0", Luks + "cex: {enabled: true}, clevis: {tpm2: true}}]}", "cannot have clevis too")]
    [InlineData("3.5.0", Luks + "cex: {enabled: true}, keyFile: {source: 'data:,k'}}]}", "has no key file")]
    [InlineData("3.5.0", Luks + "clevis: {custom: {pin: trustee, config: '{}'}}}]}", "it must be tpm2, tang or sss")]
    [InlineData("3.5.0", "storage: {files: [{path: /a, mode: 04755}]}", "this number has setuid, setgid or sticky set, which Ignition supports from spec 3.6.0 on")]
    [InlineData("3.5.0", "storage: {directories: [{path: /a, mode: 755}]}", "; this is 01363 in octal")]
    [InlineData("3.6.0", "storage: {directories: [{path: /a, mode: 010000}]}", "a mode goes from 0000 to 07777")]
    public void What_a_specification_does_not_take_is_told(string version, string rest, string expected) => Assert.Contains(expected, Faults(Raw(version, rest)), StringComparison.Ordinal);

    [Fact]
    public void A_config_is_lowered_where_that_loses_nothing()
    {
        const string Neutral = Luks + "discard: false, openOptions: [], cex: {enabled: false}}], files: [{path: /a, mode: 0644}]}\npasswd: {users: [{name: a, shouldExist: true}]}\nkernelArguments: {}";
        Assert.Equal("3.5.0", (string?)Rendered(Raw("3.5.0", Neutral), "3.6.0")["ignition"]!["version"]);

        var lowered = Rendered(Raw("3.5.0", Neutral), "3.2.0");
        Assert.Equal("3.2.0", (string?)lowered["ignition"]!["version"]);
        Assert.Equal("{\"name\":\"a\",\"device\":\"/dev/a\"}", lowered["storage"]!["luks"]![0]!.ToJsonString());
        Assert.Null(lowered["kernelArguments"]);

        var user = Rendered(Raw("3.5.0", "passwd: {users: [{name: a, shouldExist: true}]}\nignition2: 1".Split('\n')[0]), "3.1.0")["passwd"]!["users"]![0]!;
        Assert.Equal("{\"name\":\"a\"}", user.ToJsonString());
    }

    [Theory]
    [InlineData("3.3.0", Luks + "discard: true}]}", "2:53 storage.luks[0].discard: the machine's Ignition reads spec 3.3.0, and this came with spec 3.4.0: remove it, or use a newer system")]
    [InlineData("3.1.0", Luks + "label: x}]}", "storage.luks: the machine's Ignition reads spec 3.1.0, and this came with spec 3.2.0")]
    [InlineData("3.1.0", "passwd: {users: [{name: a, shouldExist: false}]}", "passwd.users[0].shouldExist: the machine's Ignition reads spec 3.1.0")]
    [InlineData("3.2.0", "kernelArguments: {shouldExist: [a]}", "kernelArguments: the machine's Ignition reads spec 3.2.0")]
    [InlineData("3.5.0", "storage: {files: [{path: /a, mode: 04755}]}", "has setuid, setgid or sticky set")]
    [InlineData("3.2.0", "storage: {filesystems: [{device: /a, format: none}]}", "none came with Ignition spec 3.3.0")]
    [InlineData("3.1.0", "storage: {files: [{path: /a, contents: {source: 'gs://b/c'}}]}", "URLs with gs: came with Ignition spec 3.2.0")]
    [InlineData("3.0.0", "storage: {files: [{path: /a, contents: {source: 'http://b', verification: {hash: sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855}}}]}", "sha256 came with Ignition spec 3.1.0")]
    public void What_would_be_lost_is_named_with_its_line(string target, string rest, string expected) =>
        Assert.Contains(expected, Faults(Raw("3.6.0", rest), target), StringComparison.Ordinal);
}
