namespace Mayu.Server.Tests.Preview;

public sealed class RenderCommandTests : IDisposable
{
    private readonly ConfigFolder _config = new();

    public RenderCommandTests()
    {
        _config.Write("templates/generic/node.txt", "{{ machine.serial | uri }} {{ vars.rack | uri }} {{ machine.install_id | uri }} {{ secrets.key | json }}\n");
        _config.Configure("vars: {rack: r1}\nsecrets: [{name: key, file: /nowhere/key}]");
        _config.AddMachine("sn-1", overrides: """{"rack":"r7"}""");
    }

    public void Dispose() => _config.Dispose();

    [Fact]
    public void A_machines_config_is_printed_with_its_overrides_and_placeholders()
    {
        Assert.Equal((0, "sn-1 r7 INSTALL-ID \"SECRET-key\"\n", ""), Render("--machine", "sn-1"));
    }

    [Fact]
    public void A_profiles_config_is_that_of_a_machine_that_nobody_has() =>
        Assert.Equal((0, "example-1 r1 INSTALL-ID \"SECRET-key\"\n", ""), Render("--profile", "core"));

    [Fact]
    public void A_config_whose_values_are_secrets_is_shown_and_says_what_was_not_validated()
    {
        _config.Write("templates/ignition/node.yaml", "ignition: {version: 3.3.0}\npasswd: {users: [{name: core, passwordHash: {{ secrets.key | yaml }}}]}\n");
        _config.Write("config.yaml", File.ReadAllText(_config.ConfigFile).Replace("provisioning: generic, template: node.txt", "template: node", StringComparison.Ordinal));
        var (code, output, errors) = Render("--profile", "core");
        Assert.Equal(0, code);
        Assert.Contains("\"passwordHash\":\"SECRET-key\"", output, StringComparison.Ordinal);
        Assert.Equal("mayu: not validated, since secrets are not read here: passwd.users[0].passwordHash\n", errors);
    }

    [Fact]
    public void It_can_be_written_to_a_file()
    {
        var file = Path.Combine(_config.Folder, "out.txt");
        Assert.Equal((0, "", ""), Render("--profile", "core", "-o", file));
        Assert.Equal("example-1 r1 INSTALL-ID \"SECRET-key\"\n", File.ReadAllText(file));
        Assert.Equal(1, Render("--profile", "core", "-o", "/nowhere/out.txt").ExitCode);
    }

    [Fact]
    public void The_first_stage_knows_the_serial()
    {
        var (code, output, _) = Render("--machine", "sn-1", "--first-stage");
        Assert.Equal(0, code);
        Assert.StartsWith("#!/bin/sh", output, StringComparison.Ordinal);
        Assert.Contains("sn-1", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_clouds_init_each_file_can_be_asked_for()
    {
        _config.Write("config.yaml", File.ReadAllText(_config.ConfigFile).Replace("provisioning: generic, template: node.txt", "provisioning: cloud-init", StringComparison.Ordinal));
        Assert.StartsWith("#cloud-config", Render("--profile", "core").Output, StringComparison.Ordinal);
        Assert.Contains("iid-INSTALL-ID", Render("--machine", "sn-1", "--file", "meta-data").Output, StringComparison.Ordinal);
        Assert.Equal((1, "", "mayu: the config has no file x; it has meta-data, user-data, vendor-data, network-config\n"), Render("--profile", "core", "--file", "x"));
    }

    [Theory]
    [InlineData("--machine", "sn-2", "; did you mean \"sn-1\"?")]
    [InlineData("--profile", "cor", "mayu: there is no profile cor; did you mean \"core\"?")]
    public void Who_is_not_there_is_told(string option, string value, string expected)
    {
        var (code, output, errors) = Render(option, value);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_without_a_profile_is_told()
    {
        _config.Write("cluster/sn-3/conf.json", """{"Serial":"sn-3","State":"unknown"}""");
        Assert.Equal((1, "", "mayu: machine sn-3 has no profile yet; `mayu render --profile NAME` shows what it would get\n"), Render("--machine", "sn-3"));
    }

    [Fact]
    public void A_template_that_cannot_be_rendered_is_told_with_file_and_line()
    {
        _config.Write("templates/generic/node.txt", "a\n{{ machine.serail }}");
        var (code, _, errors) = Render("--machine", "sn-1");
        Assert.Equal(1, code);
        Assert.StartsWith($"mayu: template {_config.Folder}/templates/generic/node.txt, line 2, ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_faults_of_a_config_are_told_one_a_line()
    {
        _config.Write("templates/ignition/node.yaml", "ignition: {version: 3.3.0}\nx: 1\nstorage: {filez: []}\n");
        _config.Write("config.yaml", File.ReadAllText(_config.ConfigFile).Replace("provisioning: generic, template: node.txt", "template: node", StringComparison.Ordinal));
        var (_, _, errors) = Render("--profile", "core");
        var file = $"{_config.Folder}/templates/ignition/node.yaml";
        Assert.Equal(
            $"mayu: template {file}, line 2, column 1: Ignition has no such key here\nmayu: template {file}, line 3, column 11: storage.filez: Ignition has no such key here; did you mean \"files\"?\n", errors);

        (_, _, errors) = _config.Run(ConfigCommand.Build(), "check");
        Assert.Contains($"mayu: warning: profiles: profile core: machines get no config (1 known machine: sn-1):\n  template {file}, line 2, column 1: Ignition has no such key here\n  template {file}, line 3, ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void One_of_machine_and_profile_is_needed()
    {
        Assert.NotEmpty(RenderCommand.Build().Parse([]).Errors);
        Assert.NotEmpty(RenderCommand.Build().Parse(["--machine", "a", "--profile", "b"]).Errors);
    }

    private (int ExitCode, string Output, string Errors) Render(params string[] words) => _config.Run(RenderCommand.Build(), words);
}
