using Mayu.Server.Configuration;

namespace Mayu.Server.Tests;

/// <summary>The least that a configuration says.</summary>
internal static class SmallConfiguration
{
    public static MayuConfiguration In(string dataDirectory)
    {
        var reader = ConfigurationReader.Read("test.yaml", $$"""
            network:
              interface: eth1
              address: 10.0.0.1
              subnet: 10.0.0.0/24
              bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}
              internal_range: {start: 10.0.0.10, end: 10.0.0.99}
            defaults: {image: os-1}
            profiles: [{name: core, quantity: 2}]
            data_dir: "{{dataDirectory}}"
            """, OutsideValues.None);
        var configuration = ConfigurationSchema.Bind(reader);
        Assert.Empty(reader.Problems);
        return configuration!;
    }
}
