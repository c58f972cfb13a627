using Mayu.Server.Preflight;
using Mayu.Server.Preview;
using Mayu.Server.Tests.Preview;

namespace Mayu.Server.Tests.Preflight;

/// <summary>What the configs of known machines lack, before the first of them asks for one.</summary>
public sealed class ConfigFaultsTests : IDisposable
{
    private readonly ConfigFolder _config = new();

    public ConfigFaultsTests()
    {
        _config.Configure();
        _config.Write("templates/generic/node.txt", "{{ if machine.serial != \"example-1\" }}{{ vars.rack | uri }}{{ end }}\n");
    }

    public void Dispose() => _config.Dispose();

    [Fact]
    public void Nothing_is_told_where_every_config_can_be_rendered()
    {
        _config.AddMachine("sn-1", overrides: """{"rack":"r1"}""");
        Assert.Empty(Faults());
    }

    [Fact]
    public void A_fault_of_ten_thousand_machines_is_one_line_with_three_of_them()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _config.AddMachine($"sn-{i:00000}", overrides: i % 2 == 0 ? "{}" : """{"rack":"r1"}""");
        }

        var fault = Assert.Single(Faults());
        Assert.StartsWith($"profiles: profile core: template {_config.Folder}/templates/generic/node.txt, line 1, ", fault, StringComparison.Ordinal);
        Assert.EndsWith(": 5000 known machines get no config: sn-00000, sn-00002, sn-00004 …", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobodys_config_can_be_rendered_the_known_machines_are_told_beside()
    {
        _config.Write("templates/generic/node.txt", "{{ vars.rack | uri }}");
        _config.AddMachine("sn-1", state: "installing");
        Assert.EndsWith(": machines get no config (1 known machine: sn-1)", Assert.Single(Faults()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_cannot_be_used_and_a_profile_that_is_gone_are_told()
    {
        _config.Write("cluster/sn-1/conf.json", "{");
        _config.AddMachine("sn-2", profile: "edge");
        _config.AddMachine("sn-3", profile: "edge");
        var faults = Faults();
        Assert.StartsWith("cluster_dir: the record sn-1/conf.json cannot be used: ", faults[0], StringComparison.Ordinal);
        Assert.Equal("profiles: profile edge is not in the configuration: 2 known machines of it get no config: sn-2, sn-3", faults[1]);
        Assert.Equal(2, faults.Count);
    }

    [Fact]
    public void A_cluster_directory_that_cannot_be_read_is_told()
    {
        _config.Write("cluster", "");
        Assert.Equal($"{_config.Folder}/cluster cannot be read: it is a file, not a folder: the configs of known machines cannot be rendered", KnownMachines.Of(_config.Bind()).Problem);
    }

    private List<string> Faults()
    {
        var configuration = _config.Bind();
        var (records, problem) = KnownMachines.Of(configuration);
        Assert.Null(problem);
        return [.. new MachineNeeds(configuration, records).Missing().Select(need => $"{need.Key}: {need.Problem}")];
    }
}
