using Mayu.Core.Yaml;

namespace Mayu.Core.Ignition;

/// <summary>What is wrong with one config, up to a bound: all is told at once.</summary>
/// <param name="isUnchecked">Whether nobody can say of a fault that it is one; null: all are.</param>
internal sealed class FaultList(Func<YamlFaultException, bool>? isUnchecked = null)
{
    private readonly List<YamlFaultException> _faults = [];

    /// <summary>Whether something is wrong.</summary>
    public bool Any => _faults.Count > 0;

    /// <summary>Adds what is wrong with a value.</summary>
    /// <param name="at">The value.</param>
    /// <param name="problem">What is wrong and what would be right; it never carries a value, which may be a secret.</param>
    public void Add(ConfigValue at, string problem) => Add(at.Place, problem);

    /// <summary>Adds what is wrong at a place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="problem">What is wrong; it never carries a value.</param>
    /// <param name="detail">The end of that sentence, where it is about the value itself.</param>
    public void Add(Place place, string problem, string detail = "") => Add(new YamlFaultException(problem, place.Line, place.Column, place.Path, detail));

    /// <summary>Adds a fault.</summary>
    public void Add(YamlFaultException fault)
    {
        // One more than are told, so that it can be said that there are more.
        if (_faults.Count <= IgnitionFaultsException.Most && !_faults.Exists(other => other.Line == fault.Line && other.Column == fault.Column && other.Message == fault.Message) && isUnchecked?.Invoke(fault) != true)
        {
            _faults.Add(fault);
        }
    }

    /// <summary>Ends here where something is wrong.</summary>
    /// <exception cref="IgnitionFaultsException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw new IgnitionFaultsException(_faults);
        }
    }
}
