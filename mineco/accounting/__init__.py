"""Formulas of the greenhouse-gas and energy account: pure functions on floats and arrays in documented units.

The unit of a result stands behind the first sentence of its formula.
"""

from mineco.accounting.additives import fuel_co2_by_mass, liming_co2, soil_n2o, urea_co2
from mineco.accounting.base_year import base_year_share
from mineco.accounting.coal_mine import (
    abandoned_methane_volume,
    abandoned_methane_volume_by_flooding,
    coal_gas_volume,
    coal_methane_by_mass,
    gas_less_recovered,
    spontaneous_combustion_co2,
    underground_methane_volume,
)
from mineco.accounting.combustion import (
    combustion_co2,
    combustion_other_gas,
    gas_calorific_value,
    gas_carbon_content,
    gas_combustion_co2,
    unburnt_methane_volume,
)
from mineco.accounting.energy_use import carrier_energy, exported_energy_not_netted, fuel_energy, net_energy
from mineco.accounting.gas_volume import carbon_dioxide_mass, component_volume, methane_mass
from mineco.accounting.ledger import (
    co2e,
    co2e_in_other_set,
    consolidated_emissions,
    ledger_balance,
    measure_abatement,
    net_emissions,
    product_footprint,
    residual_emissions,
    total,
    unused_removals,
)
from mineco.accounting.oil_gas import dissolved_co2, recovered_volume, segment_emission
from mineco.accounting.process import (
    carbonate_co2,
    carbonation_co2,
    explosive_co2,
    filled_co2,
    gas_loss,
    land_clearing_co2,
    wastewater_ch4,
)
from mineco.accounting.purchased_energy import (
    contract_difference,
    electricity_co2,
    exports_not_netted,
    heat_co2,
    hot_water_heat,
    net_heat,
    steam_heat,
)
from mineco.accounting.value_chain import activity_co2e, freight_co2e

__all__ = [
    "abandoned_methane_volume", "abandoned_methane_volume_by_flooding", "activity_co2e", "base_year_share",
    "carbon_dioxide_mass",
    "carbonate_co2", "carbonation_co2", "carrier_energy", "co2e", "co2e_in_other_set", "coal_gas_volume",
    "coal_methane_by_mass", "combustion_co2", "combustion_other_gas", "component_volume", "consolidated_emissions",
    "contract_difference", "dissolved_co2", "electricity_co2", "explosive_co2", "exported_energy_not_netted",
    "exports_not_netted", "filled_co2", "freight_co2e", "fuel_co2_by_mass", "fuel_energy", "gas_calorific_value",
    "gas_carbon_content", "gas_combustion_co2", "gas_less_recovered", "gas_loss", "heat_co2", "hot_water_heat",
    "land_clearing_co2", "ledger_balance", "liming_co2", "measure_abatement", "methane_mass", "net_emissions",
    "net_energy", "net_heat", "product_footprint", "recovered_volume", "residual_emissions", "segment_emission",
    "soil_n2o", "spontaneous_combustion_co2", "steam_heat", "total", "unburnt_methane_volume",
    "underground_methane_volume", "unused_removals", "urea_co2", "wastewater_ch4",
]
