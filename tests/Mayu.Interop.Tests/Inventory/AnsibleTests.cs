using System.Text.Json.Nodes;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Inventory;

/// <summary>Debian's ansible-core reads what <c>mayuctl inventory --ansible</c> prints: as a script, and as a file.</summary>
public sealed class AnsibleTests : IAsyncLifetime
{
    private const string Trap = "{{lookup('pipe','touch$IFS'+'pwned')}}";

    private readonly InventorySite _site = new();

    public async ValueTask InitializeAsync() => await _site.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["vm-1"] = """{"Serial": "vm-1", "State": "running", "Profile": "core", "Hostname": "db", "MacAddresses": ["02:00:00:00:00:01"], "InternalAddr": "127.0.0.101", "FleetMetadata": ["rack=7", "a-b=1"]}""",
        ["vm-2"] = """{"Serial": "vm-2", "State": "installed", "Profile": "core", "Hostname": "all", "MacAddresses": ["02:00:00:00:00:02"], "InternalAddr": "127.0.0.102", "FleetMetadata": ["rack=7", "a_b=1"]}""",
        ["vm-3"] = $$$"""{"Serial": "vm-3", "State": "running", "Profile": "core", "Hostname": "web", "MacAddresses": ["02:00:00:00:00:03"], "InternalAddr": "127.0.0.103", "Cabinet": "{{{Trap}}}"}""",
        ["vm-4"] = """{"Serial": "vm-4", "State": "unknown"}""",
    });

    [Fact]
    public async Task As_a_script_it_has_the_hosts_their_groups_and_their_variables()
    {
        var said = await AnsibleAsync("ansible-inventory", "-i", await ScriptAsync(), "--list");
        var inventory = JsonOf(said);

        // Ansible breaks the line.
        Assert.Contains("would both be the group tag_a_b_1", string.Join(' ', said.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(["db", "mayu_766d2d32", "web"], HostsOf(inventory, "profile_core"));
        Assert.Equal(["db", "web"], HostsOf(inventory, "state_running"));
        Assert.Equal(["db", "mayu_766d2d32"], HostsOf(inventory, "tag_rack_7"));
        // Of two names for one group, neither has it.
        Assert.Null(inventory["tag_a_b_1"]);
        var variables = inventory["_meta"]!["hostvars"]!["db"]!;
        Assert.Equal(("127.0.0.101", "vm-1", true), ((string?)variables["ansible_host"], (string?)variables["mayu_serial"], (bool)variables["mayu_enabled"]!));
        Assert.Equal("""["rack=7","a-b=1"]""", variables["mayu_tags"]!.ToJsonString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_template_in_a_record_is_text_and_is_not_run(bool isScript)
    {
        var source = isScript ? await ScriptAsync() : await FileAsync();

        var said = await AnsibleAsync("ansible", "-i", source, "web", "-c", "local", "-m", "ansible.builtin.debug", "-a", "msg='serial={{ mayu_serial }} cabinet={{ mayu_cabinet }}'");

        Assert.Contains("serial=vm-3 cabinet={{lookup(", said, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_site.Mayu.Folder, "pwned")));
    }

    [Fact]
    public async Task As_a_file_it_says_the_same_and_warns_of_nothing()
    {
        var script = JsonOf(await AnsibleAsync("ansible-inventory", "-i", await ScriptAsync(), "--list"));
        var file = JsonOf(await AnsibleAsync("ansible-inventory", "-i", await FileAsync(), "--list"));

        Assert.Equal(script["_meta"]!.ToJsonString(), file["_meta"]!.ToJsonString());
        foreach (var group in (string[])["profile_core", "state_installed", "state_running", "tag_rack_7"])
        {
            Assert.Equal(HostsOf(script, group), HostsOf(file, group));
        }
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    // What the script says on stderr, Ansible shows behind it.
    private static JsonNode JsonOf(string said) => JsonNode.Parse(said[..(said.LastIndexOf("\n}", StringComparison.Ordinal) + 2)])!;

    private static IEnumerable<string?> HostsOf(JsonNode inventory, string group) =>
        inventory[group]!["hosts"]!.AsArray().Select(host => (string?)host).Order(StringComparer.Ordinal);

    private async Task<string> ScriptAsync()
    {
        var script = await _site.WriteAsync("mayu-inventory", $"#!/bin/sh\nexec {Programs.Mayuctl} inventory --ansible --ca {_site.Mayu.Data}/keys/ca.pem --token-file {_site.Mayu.Data}/keys/operator-token \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return script;
    }

    private async Task<string> FileAsync()
    {
        var (code, output) = await _site.Mayu.CtlAsync("inventory", "--ansible", "--selector", "state!=unknown", "-o", "yaml");
        Assert.True(code == 0, output);
        // The warning of the two tags goes to stderr, which is here, too.
        return await _site.WriteAsync("mayu-inventory.yaml", string.Join('\n', output.Split('\n').SkipWhile(line => line != "all:").TakeWhile(line => !line.StartsWith("mayuctl:", StringComparison.Ordinal))) + "\n");
    }

    // Without a user's own configuration, in a folder that can be looked at; its warnings would be in the output.
    private async Task<string> AnsibleAsync(params string[] command)
    {
        var config = await _site.WriteAsync("ansible.cfg", "[defaults]\nlocalhost_warning = false\nnocows = true\n[inventory]\nenable_plugins = script, yaml\nunparsed_is_failed = true\n");
        var output = await TestNetwork.RunAsync(_site.Host, ["env", "-C", _site.Mayu.Folder, $"HOME={_site.Mayu.Folder}", $"ANSIBLE_CONFIG={config}", "LC_ALL=C.UTF-8", .. command]);
        Assert.DoesNotContain("[WARNING]", output, StringComparison.Ordinal);
        return output;
    }
}
