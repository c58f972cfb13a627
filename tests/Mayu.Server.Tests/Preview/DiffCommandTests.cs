using System.Text.Json.Nodes;
using LibGit2Sharp;

namespace Mayu.Server.Tests.Preview;

public sealed class DiffCommandTests : IDisposable
{
    private readonly ConfigFolder _config = new();

    public DiffCommandTests()
    {
        _config.Configure("vars: {rack: r1}");
        _config.Write("templates/generic/node.txt", "host {{ machine.hostname | uri }}\nrack {{ vars.rack | uri }}\n");
        _config.AddMachine("sn-0001");
        _config.AddMachine("sn-0002");
        _config.AddMachine("sn-0003", overrides: """{"rack":"r7"}""");
        Repository.Init(_config.Folder);
        Commit();
    }

    public void Dispose() => _config.Dispose();

    [Fact]
    public void Nothing_changes_where_nothing_was_changed() =>
        Assert.Equal((0, "0 of 3 known machines and 0 profiles change, in 0 ways\n", ""), Diff("--from", "HEAD"));

    [Fact]
    public void A_variable_changes_the_machines_that_do_not_override_it()
    {
        _config.Configure("vars: {rack: r2}");
        var (code, output, errors) = Diff("--from", "HEAD");
        Assert.Equal((1, ""), (code, errors));
        Assert.Equal(
            """
            profile core; 2 machines: sn-0001, sn-0002
            --- HEAD config
            +++ worktree config
            @@ -1,2 +1,2 @@
             host example-1
            -rack r1
            +rack r2

            2 of 3 known machines and 1 profile change, in 1 way

            """, output);
    }

    [Fact]
    public void Changes_that_differ_in_the_machines_own_values_alone_are_one()
    {
        _config.Write("templates/generic/node.txt", "hostname {{ machine.hostname | uri }}\nrack {{ vars.rack | uri }}\n");
        var (code, output, _) = Diff("--from", "HEAD", "--to", "worktree");
        Assert.Equal(1, code);
        Assert.Contains("3 machines: sn-0001, sn-0002, sn-0003\n", output, StringComparison.Ordinal);
        Assert.Contains("-host sn-0001\n+hostname sn-0001\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_revisions_are_compared_as_they_were_with_the_templates_of_each()
    {
        _config.Write("templates/generic/node.txt", "{{ include \"own.txt\" }}");
        _config.Configure($"vars: {{rack: r1}}\ntemplate_snippets_dir: {_config.Folder}/snippets");
        _config.Write("snippets/own.txt", "snippet\n");
        Commit();
        Directory.Delete(Path.Combine(_config.Folder, "snippets"), recursive: true);
        Directory.Delete(Path.Combine(_config.Folder, "templates"), recursive: true);

        var (code, output, errors) = Diff("--from", "HEAD~1", "--to", "HEAD");
        Assert.Equal((1, ""), (code, errors));
        Assert.Contains("+snippet\n", output, StringComparison.Ordinal);
        Assert.Contains("-rack r7\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetDirectories(Path.GetTempPath(), "mayu-diff-*"), left => File.Exists(Path.Combine(left, "templates/generic/node.txt")) && File.ReadAllText(Path.Combine(left, "templates/generic/node.txt")).Contains("own.txt", StringComparison.Ordinal));
    }

    [Fact]
    public void A_template_that_breaks_is_told_once_for_all_with_the_path_that_the_repository_has_and_no_lines_that_go()
    {
        _config.Write("templates/generic/node.txt", "host {{ machine.hostname | uri }}\n{{ vars.rcak | uri }}");
        var (code, output, _) = Diff("--from", "HEAD");
        Assert.Equal(3, code);
        Assert.Matches(@"\Aprofile core; 3 machines: [^:]+: can no longer be rendered: template templates/generic/node.txt, line 2, .*rcak.*\n\n0 of 3 known machines and 0 profiles change, in 0 ways\n3 known machines and 1 profile cannot be rendered\n\z", output);

        var json = JsonNode.Parse(Diff("--from", "HEAD", "-o", "json").Output)!;
        Assert.Equal((0, 3), ((int)json["changedMachines"]!, (int)json["brokenMachines"]!));
        Assert.StartsWith("template templates/generic/node.txt, line 2, ", (string?)json["changes"]![0]!["problem"], StringComparison.Ordinal);

        Commit();
        Assert.Equal(0, Diff("--from", "HEAD").ExitCode);
        _config.Write("templates/generic/node.txt", "host {{ machine.hostname | uri }}\n");
        (code, output, _) = Diff("--from", "HEAD");
        Assert.Equal(1, code);
        Assert.Contains(": could not be rendered before: template templates/generic/node.txt, line 2, ", output, StringComparison.Ordinal);
        Assert.Contains("\n+host ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_an_ignition_config_is_compared_line_by_line()
    {
        const string Template = "variant: fcos\nversion: 1.5.0\nstorage:\n  files:\n    - path: /etc/motd\n      contents:\n        inline: |\n          one\n          two\n";
        _config.Write("config.yaml", File.ReadAllText(_config.ConfigFile).Replace("provisioning: generic, template: node.txt", "template: node", StringComparison.Ordinal));
        _config.Write("templates/ignition/node.yaml", Template);
        Commit();
        _config.Write("templates/ignition/node.yaml", Template.Replace("two", "2", StringComparison.Ordinal));
        var output = Diff("--from", "HEAD").Output;
        Assert.Contains("\n-            \"two\",\n+            \"2\",\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_outside_of_the_repository_are_told()
    {
        var outside = Directory.CreateTempSubdirectory("mayu-outside-").FullName;
        try
        {
            _config.Configure($"vars: {{rack: r1}}\nfiles_dir: {outside}");
            var (code, _, errors) = Diff("--from", "HEAD");
            Assert.Equal((0, $"mayu: files_dir {outside} is outside of the repository {_config.Folder}: it is read as it is now, for every revision\n"), (code, errors));
        }
        finally
        {
            Directory.Delete(outside);
        }
    }

    [Theory]
    [InlineData("nothing", "nothing is not a revision of the git repository")]
    [InlineData("HEAD^{broken", "the git repository")]
    public void A_revision_that_is_none_is_told(string revision, string expected)
    {
        var (code, output, errors) = Diff("--from", revision);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_without_a_repository_has_nothing_to_be_compared_with()
    {
        Directory.Delete(Path.Combine(_config.Folder, ".git"), recursive: true);
        var (code, _, errors) = Diff("--from", "HEAD");
        Assert.Equal(2, code);
        Assert.Contains("is not in the working tree of a git repository", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_is_not_valid_is_told_with_its_side()
    {
        _config.Configure("vrs: {}");
        var (code, _, errors) = Diff("--from", "HEAD");
        Assert.Equal(2, code);
        Assert.StartsWith("mayu: worktree: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_machines_are_one_change_in_json()
    {
        for (var i = 4; i <= 10_000; i++)
        {
            _config.AddMachine($"sn-{i:0000}");
        }

        _config.Write("templates/generic/node.txt", "hostname {{ machine.hostname | uri }}\nrack {{ vars.rack | uri }}\n");
        var (code, output, _) = Diff("--from", "HEAD", "-o", "json");
        var report = JsonNode.Parse(output)!;
        Assert.Equal(1, code);
        Assert.Equal(10_000, (int)report["changedMachines"]!);
        Assert.Contains(report["changes"]!.AsArray(), change => change!["machines"]!.AsArray().Count == 10_000);
    }

    private void Commit()
    {
        using var repository = new Repository(_config.Folder);
        Commands.Stage(repository, ["config.yaml", "templates", "snippets"]);
        var who = new Signature("a", "a@example.org", DateTimeOffset.UnixEpoch);
        repository.Commit("change", who, who);
    }

    private (int ExitCode, string Output, string Errors) Diff(params string[] words) => _config.Run(DiffCommand.Build(), words);
}
