namespace Mayu.Core.Ignition.Checks;

/// <summary>What the checks of one config share.</summary>
/// <param name="Spec">The specification that it has to keep.</param>
/// <param name="Dialect">How its keys are spelled, for sentences that name one.</param>
/// <param name="Faults">Takes what is wrong.</param>
internal sealed record Checker(IgnitionSpec Spec, Dialect Dialect, FaultList Faults)
{
    /// <summary>Tells what is wrong with a value.</summary>
    public void Fault(ConfigValue at, string problem) => Faults.Add(at, problem);

    /// <summary>Tells what is wrong with the value of a key, or that it is not there.</summary>
    public void Fault(ConfigObject of, string key, string problem) => Faults.Add(
        of.Has(key) ? of[key]!.Place : of.Place with { Path = of.Place.PathBelow(Name(of, key)) }, problem);

    /// <summary>A key's name as the config spells it.</summary>
    public string Name(ConfigObject of, string key) => of.Type[key]?.NameIn(Dialect) ?? key;
}
