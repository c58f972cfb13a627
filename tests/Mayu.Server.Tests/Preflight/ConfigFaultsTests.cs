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
        _config.Write("templates/generic/node.txt", "node {{ if machine.serial != \"example-1\" }}{{ vars.rack | uri }}{{ end }}\n");
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

    [Theory]
    [InlineData("generic/node.txt", "", "profiles: profile core: ", ": machines get no config")]
    [InlineData("first_stage_script.sh", "\n", "templates_dir: ", ": no machine can be installed")]
    public void A_template_that_prints_nothing_is_told_before_a_machine_asks(string template, string text, string begin, string end)
    {
        _config.Write($"templates/{template}", text);
        var fault = Assert.Single(Faults());
        Assert.StartsWith(begin, fault, StringComparison.Ordinal);
        Assert.EndsWith($"it is empty: nothing but white space is printed{end}", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_made_of_a_secret_is_checked_with_the_secret()
    {
        Ignition("{name: hash, file: FOLDER/hash}", "passwd: {users: [{name: core, passwordHash: {{ secrets.hash | yaml }}}]}");
        _config.Write("hash", "$6$abcdefgh$" + new string('x', 86) + "\n");
        Assert.Empty(Faults());
        Assert.Empty(NotChecked());

        _config.Write("hash", "hunter2-hunter2");
        Assert.Contains("passwd.users[0].passwordHash: it is no hash", Assert.Single(Faults()), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Assert.Single(Faults()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_of_the_environment_that_this_process_lacks_is_not_checked_and_no_fault()
    {
        Ignition("{name: hash, environment: MAYU_TEST_OF_NOBODY}", "passwd: {users: [{name: core, passwordHash: {{ secrets.hash | yaml }}}]}");
        Assert.Empty(Faults());
        Assert.Equal("secrets: not checked: the secret hash cannot be read here: the environment has no variable MAYU_TEST_OF_NOBODY", Assert.Single(NotChecked()));
    }

    [Fact]
    public void A_secret_file_that_others_can_read_is_a_warning_that_fails_nothing()
    {
        Ignition("{name: motd, file: FOLDER/motd}", "# {{ secrets.motd | json }}");
        _config.Write("motd", "hunter2");
        File.SetUnixFileMode(_config.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(Path.Combine(_config.Folder, "motd"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var (code, _, errors) = _config.Run(ConfigCommand.Build(), "check");
        Assert.Equal((0, $"mayu: warning: secrets: every user of this host can read {_config.Folder}/motd: chmod o-rwx {_config.Folder}/motd\n"), (code, errors));
    }

    [Fact]
    public void A_template_that_fails_with_a_placeholder_is_not_checked_and_one_that_fails_beside_it_is_broken()
    {
        Ignition("{name: pin, environment: MAYU_TEST_OF_NOBODY}", "# {{ secrets.pin | math.abs }}");
        Assert.Empty(Faults());
        Assert.StartsWith("profiles: profile core: not checked, since a placeholder stands for a secret that cannot be read here; with it: template ", NotChecked()[1], StringComparison.Ordinal);

        Ignition("{name: pin, environment: MAYU_TEST_OF_NOBODY}", "# {{ secrets.pin }}\n# {{ vars.nosuch }}");
        Assert.Contains("nosuch", Assert.Single(Faults()), StringComparison.Ordinal);
    }

    [Fact]
    public void Machines_whose_own_secret_is_missing_are_named_together()
    {
        Ignition("{name: luks, file: \"FOLDER/luks/{serial}\"}", "# {{ secrets.luks | json }}");
        _config.AddMachine("sn-1");
        _config.AddMachine("sn-2");
        _config.AddMachine("sn-3");
        _config.Write("luks/sn-2", "of sn-2");
        Assert.Equal([$"secrets: the secret luks cannot be read: there is no file {_config.Folder}/luks/{{serial}}: 2 known machines get no config: sn-1, sn-3"], Faults());
        Assert.Empty(NotChecked());
    }

    [Fact]
    public void A_secret_that_is_not_there_keeps_the_server_from_its_start()
    {
        Ignition("{name: hash, file: FOLDER/none}", "# {{ secrets.hash }}");
        Assert.Equal($"secrets: the server cannot start: the secret hash cannot be read: there is no file {_config.Folder}/none", Assert.Single(Faults()));
    }

    [Theory]
    [InlineData("environment: MAYU_TEST_OF_NOBODY", 0, "warning: secrets: not checked: the secret hash cannot be read here")]
    [InlineData("file: /nowhere/hash", 1, "warning: secrets: the server cannot start: the secret hash cannot be read")]
    public void The_check_fails_for_what_is_wrong_and_not_for_what_it_cannot_know(string source, int exitCode, string expected)
    {
        Ignition($"{{name: hash, {source}}}", "passwd: {users: [{name: core, passwordHash: {{ secrets.hash | yaml }}}]}");
        var (code, output, errors) = _config.Run(ConfigCommand.Build(), "check");
        Assert.Equal((exitCode, exitCode == 0), (code, output.EndsWith("config.yaml: ok\n", StringComparison.Ordinal)));
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    private void Ignition(string secret, string config)
    {
        _config.Configure($"secrets: [{secret.Replace("FOLDER", _config.Folder, StringComparison.Ordinal)}]");
        _config.Write("config.yaml", File.ReadAllText(_config.ConfigFile).Replace("provisioning: generic, template: node.txt", "template: node", StringComparison.Ordinal));
        _config.Write("templates/ignition/node.yaml", $"ignition: {{version: 3.3.0}}\n{config}\n");
    }

    private List<string> Faults() => [.. Needs().Missing().Select(need => $"{need.Key}: {need.Problem}")];

    private List<string> NotChecked() => [.. Needs().Remarks().Select(need => $"{need.Key}: {need.Problem}")];

    private MachineNeeds Needs()
    {
        var configuration = _config.Bind();
        var (records, problem) = KnownMachines.Of(configuration);
        Assert.Null(problem);
        return new MachineNeeds(configuration, records);
    }
}
