using Mayu.Core.Addresses;
using Mayu.Core.Provisioning;
using Scriban.Runtime;

namespace Mayu.Core.Tests.Provisioning;

public sealed class TemplateVariableTests
{
    // A machine that has everything: each variable that a template is given is in the table, and no other.
    [Fact]
    public void The_table_of_variables_is_what_templates_are_given()
    {
        var nic = new ExtraNic("eth1", Sample.Subnet("10.1.0.0/24"), Sample.Range("10.1.0.5", "10.1.0.6"));
        var network = Sample.Network with { Model = new NicModel { Routes = [new StaticRoute(Sample.Subnet("10.9.0.0/16"), Sample.Address("10.0.0.9"))] } };
        var machine = Sample.Machine("s1") with { AdditionalAddresses = Sample.Machine("s1").AdditionalAddresses.SetItem("eth1", Sample.Address("10.1.0.5")) };
        var variables = new Provisioner(new TemplateRenderer(new TemplateLibrary()), new ProvisioningSettings { Network = network, ExtraNics = [nic], BootUrl = "http://10.0.0.1:4081" })
            .ConfigVariables(machine, Sample.Profile("core"), image: null);

        // Of these the boot's own are read one by one: a config that prints them is not kept.
        string[] ofBoot = [.. new[] { "url", "boot_url", "boot_token", "nothing" }.Where(new BootVariables("", "", sources: null).Contains).Select(name => $"mayu.{name}")];
        var given = Names(variables.ToScriptObject(), "").Distinct().ToHashSet(StringComparer.Ordinal);
        given.RemoveWhere(name => name.StartsWith("network.primary.", StringComparison.Ordinal) || name is "mayu" or "machine" or "profile" or "image" or "network");
        Assert.Equal(given.Union(ofBoot).Order(StringComparer.Ordinal), TemplateVariable.All.Select(variable => variable.Name).Order(StringComparer.Ordinal));
        Assert.All(TemplateVariable.All, variable => Assert.NotEqual("", variable.Doc));
    }

    private static IEnumerable<string> Names(object? value, string path) => value switch
    {
        ScriptObject map => map.SelectMany(entry => Names(entry.Value, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}").Prepend(path.Length == 0 ? entry.Key : $"{path}.{entry.Key}")),
        ScriptArray list => list.SelectMany(item => Names(item, $"{path}[]")),
        _ => [],
    };
}
