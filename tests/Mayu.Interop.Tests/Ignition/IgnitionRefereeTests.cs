using Mayu.Core.Ignition;
using Mayu.Core.Ignition.Output;

namespace Mayu.Interop.Tests.Ignition;

/// <summary>Mayu and the real program judge the same configs.</summary>
public sealed class IgnitionRefereeTests
{
    private static readonly IgnitionSpec[] Known = [new(3, 0), new(3, 1), new(3, 2), new(3, 3)];

    public static TheoryData<string> Cases => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Ignition", "referee-cases.txt")).Where(line => !line.StartsWith('#'))];

    public static TheoryData<string> Butane => [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Ignition"), "*.bu").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Both_judge_a_config_alike(string line)
    {
        var (expected, config) = (line.StartsWith("good ", StringComparison.Ordinal), line[5..]);
        var (rendered, words) = Render(config, target: null);
        var (isGood, refereesWords) = await Referee.JudgeAsync(config);
        Assert.True(isGood == expected, $"ignition-validate: {refereesWords}");
        Assert.True(rendered is not null == expected, $"Mayu: {words}");
        await AllSpecsAreGoodAsync(config);
    }

    // What nobody says before the machine is installed, or never.
    [Theory]
    [InlineData("{\"storage\":{\"files\":[{\"path\":\"/a\"},{\"path\":\"/a/b\"}]}", "below the path")]
    [InlineData("{\"storage\":{\"files\":[{\"path\":\"/a\",\"contents\":{\"source\":\"http://x\",\"verification\":{\"hash\":\"sha256-gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg\"}}}]}", "hexadecimal digits")]
    [InlineData("{\"storage\":{\"files\":[{\"path\":\"/etc/systemd/system/a.service\"}]},\"systemd\":{\"units\":[{\"name\":\"a.service\",\"contents\":\"[A]\\nb=c\"}]}", "is written to this path")]
    [InlineData("{\"storage\":{\"files\":[{\"path\":\"/a\"}],\"links\":[{\"path\":\"/b\",\"hard\":true,\"target\":\"/a\",\"user\":{\"id\":1}}]}", "has the owner of the file")]
    [InlineData("{\"storage\":{\"disks\":[{\"device\":\"/dev/a\",\"partitions\":[{\"number\":1,\"sizeMiB\":-1}]}]}", "0 or more")]
    [InlineData("{\"storage\":{\"raid\":[{\"name\":\"\",\"level\":\"raid1\",\"devices\":[\"/dev/a\"]}]}", "name of the array")]
    [InlineData("{\"storage\":{\"luks\":[{\"device\":\"/dev/a\"}]}", "name of the volume")]
    [InlineData("{\"passwd\":{\"users\":[{\"name\":\"\"}]}", "a user's name")]
    [InlineData("{\"passwd\":{\"users\":[{\"name\":\"a b\"}]}", "a user's name")]
    [InlineData("{\"passwd\":{\"users\":[{\"name\":\"a\",\"passwordHash\":\"secret\"}]}", "no hash of crypt(5)")]
    [InlineData("{\"passwd\":{\"users\":[{\"name\":\"a\",\"sshAuthorizedKeys\":[\"ssh-ed25519 AAAA\"]}]}", "authorized_keys")]
    [InlineData("{\"systemd\":{\"units\":[{\"name\":\"a/b.service\"}]}", "name of a unit")]
    [InlineData("{\"systemd\":{\"units\":[{\"name\":\"a.service\",\"contents\":\"x=y\"}]}", "is in no section")]
    [InlineData("{\"kernelArguments\":{\"shouldExist\":[\"a\\nb\"]}", "one line of text")]
    public async Task Mayu_refuses_more(string section, string why)
    {
        var config = "{\"ignition\":{\"version\":\"3.3.0\"}," + section[1..] + "}";
        Assert.True((await Referee.JudgeAsync(config)).IsGood);
        Assert.Contains(why, Render(config, target: null).Words, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Butane))]
    public async Task What_Butane_configs_become_is_good(string file) =>
        Assert.True(await AllSpecsAreGoodAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Ignition", file))) > 0);

    // Whatever a config is written out as, the real program takes it.
    private static async Task<int> AllSpecsAreGoodAsync(string config)
    {
        var written = 0;
        foreach (var spec in Known)
        {
            if (Render(config, spec).Json is { } json)
            {
                var (isGood, words) = await Referee.JudgeAsync(json);
                Assert.True(isGood, $"{spec}: {words}\n{json}");
                written++;
            }
        }

        return written;
    }

    private static (string? Json, string Words) Render(string config, IgnitionSpec? target)
    {
        try
        {
            return (IgnitionConfig.Render(config, target), "");
        }
        catch (IgnitionFaultsException e)
        {
            return (null, e.Message);
        }
    }
}
